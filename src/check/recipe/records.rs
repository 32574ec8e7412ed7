//! What surrounds the training: environment, seeds, steps, hardware, logs, evaluation, reports, re-runs.

use super::elsewhere;
use crate::check::{counted, some, where_to_look};
use crate::evidence::{Evidence, HardwareFact, Place};
use crate::finding::{Answer, Strength, Text};

pub(super) fn environment(e: &Evidence) -> Answer {
    let files = &e.recipe.environment;
    if let Some(file) = files.iter().find(|f| f.pinned) {
        return Answer::met(Text::new(
            format!("{} pins the environment", file.place.path),
            format!("{} fixe l'environnement", file.place.path),
        ))
        .at([file.place.clone()]);
    }
    if let Some(file) = files.first() {
        return Answer::not_met(Text::new(
            format!("{} names dependencies without pinning them all", file.place.path),
            format!("{} nomme des dépendances sans toutes les figer", file.place.path),
        ))
        .at(some(files.iter().map(|f| f.place.clone())));
    }
    elsewhere(
        e,
        Text::new(
            "no lock file, pinned requirements or image digest was found",
            "aucun fichier de verrouillage, aucune dépendance figée ni empreinte d'image n'a été trouvé",
        ),
    )
}

pub(super) fn seeds(e: &Evidence) -> Answer {
    let (seed, order) = (&e.recipe.seeds, &e.recipe.data_order);
    let found: Vec<Place> = seed.iter().chain(order).cloned().collect();
    match (seed, order) {
        (Some(_), Some(_)) => {
            Answer::met(Text::new("seed and data order are stated", "la graine et l'ordre des données sont donnés"))
                .counting(2, 2)
                .at(found)
        }
        (Some(_), None) => elsewhere(
            e,
            Text::new(
                "a seed is stated, the order of the data is not",
                "une graine est donnée, l'ordre des données ne l'est pas",
            ),
        )
        .counting(1, 2)
        .at(found),
        (None, Some(_)) => elsewhere(
            e,
            Text::new(
                "the order of the data is stated, no seed is",
                "l'ordre des données est donné, aucune graine ne l'est",
            ),
        )
        .counting(1, 2)
        .at(found),
        (None, None) => elsewhere(
            e,
            Text::new(
                "neither a seed nor the order of the data is stated",
                "ni graine ni ordre des données n'est donné",
            ),
        )
        .counting(0, 2),
    }
}

pub(super) fn steps(e: &Evidence) -> Answer {
    match &e.recipe.steps {
        Some((n, place)) => Answer::met(Text::new(
            counted(*n, "one command leads from data to weights", "# commands lead from data to weights"),
            counted(*n, "une commande mène des données aux poids", "# commandes mènent des données aux poids"),
        ))
        .at([place.clone()]),
        None => elsewhere(
            e,
            Text::new("no ordered list of commands was found", "aucune liste ordonnée de commandes n'a été trouvée"),
        ),
    }
}

pub(super) fn hardware(e: &Evidence) -> Answer {
    let stated = &e.recipe.hardware;
    let facts = [
        (HardwareFact::Hardware, "hardware", "matériel"),
        (HardwareFact::Duration, "duration", "durée"),
        (HardwareFact::Energy, "energy", "énergie"),
    ];
    let missing: Vec<_> = facts.iter().filter(|(f, ..)| !stated.contains_key(f)).collect();
    let found = some(stated.values().cloned());
    if missing.is_empty() {
        return Answer::met(Text::new(
            "hardware, duration and energy are stated",
            "matériel, durée et énergie sont donnés",
        ))
        .by(Strength::Declared)
        .counting(3, 3)
        .at(found);
    }
    let list = |pick: fn(&(HardwareFact, &'static str, &'static str)) -> &'static str| {
        missing.iter().map(|f| pick(f)).collect::<Vec<_>>().join(", ")
    };
    let places = if found.is_empty() { where_to_look(&e.card) } else { found };
    Answer::not_met(Text::new(format!("not stated: {}", list(|f| f.1)), format!("non donnés : {}", list(|f| f.2))))
        .counting(3 - missing.len(), 3)
        .at(places)
}

pub(super) fn records(e: &Evidence, found: &[Place], en: &str, fr: &str) -> Answer {
    match found.len() {
        0 => elsewhere(e, Text::new(format!("{en}: none found"), format!("{fr} : rien de trouvé"))),
        1 => Answer::met(Text::new(format!("{en}: found"), format!("{fr} : trouvé"))).at(found.iter().cloned()),
        n => Answer::met(Text::new(format!("{en}: found in {n} places"), format!("{fr} : trouvé à {n} endroits")))
            .at(some(found.iter().cloned()).into_iter().take(3)),
    }
}

pub(super) fn evaluation(e: &Evidence) -> Answer {
    let (code, results) = (&e.recipe.evaluation_code, &e.recipe.evaluation_results);
    let found: Vec<Place> = code.iter().take(2).chain(results.iter().take(2)).cloned().collect();
    match (code.is_empty(), results.is_empty()) {
        (false, false) => {
            Answer::met(Text::new("evaluation code and results are here", "code et résultats d'évaluation sont là"))
                .counting(2, 2)
                .at(found)
        }
        (false, true) => elsewhere(
            e,
            Text::new("evaluation code is here, results are not", "le code d'évaluation est là, les résultats non"),
        )
        .counting(1, 2)
        .at(found),
        (true, false) => elsewhere(
            e,
            Text::new(
                "evaluation results are here, the code is not",
                "les résultats d'évaluation sont là, le code non",
            ),
        )
        .counting(1, 2)
        .at(found),
        (true, true) => elsewhere(
            e,
            Text::new(
                "neither evaluation code nor results were found",
                "ni code ni résultats d'évaluation n'ont été trouvés",
            ),
        )
        .counting(0, 2),
    }
}

pub(super) fn reproduced(e: &Evidence) -> Answer {
    let deterministic = e.recipe.steps.iter().map(|(_, p)| p.clone());
    Answer::unknown(Text::new(
        "no attested re-run was seen; this audit runs nothing of a release",
        "aucune réexécution attestée n'a été vue ; cet audit n'exécute rien d'une publication",
    ))
    .at(deterministic)
}
