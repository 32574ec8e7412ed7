//! The license that is named: which one, what it bars, whether places agree and whether its text is here.

use std::collections::BTreeMap;

use super::{deciding, judged, names_one, places, restriction, unread, unread_answer};
use crate::check::{Ancestor, card_is_torn, names, where_to_look};
use crate::evidence::{ClaimSource, Evidence, LicenseClaim, TextForm};
use crate::finding::{Answer, Outcome, Text};
use crate::lists::judgement::{Judgement, Use};
use crate::lists::licenses::{self, Body, License, Spelling, Standing};

pub(super) fn declared(e: &Evidence) -> Answer {
    let claims = deciding(e);
    let named: Vec<_> = claims.iter().copied().filter(|c| names_one(c)).collect();
    if !named.is_empty() {
        let mut ids: Vec<&str> = named.iter().filter_map(|c| c.expression.as_deref()).collect();
        ids.sort_unstable();
        ids.dedup();
        let (en, fr) = names(ids);
        return Answer::met(Text::new(format!("the license is named: {en}"), format!("la licence est nommée : {fr}")))
            .at(places(named));
    }
    if let Some(claim) = claims.first() {
        return Answer::unknown(Text::new(
            format!("`{}` is named, but nothing here knows which license that is", claim.written),
            format!("`{}` est nommé, mais rien ici ne dit quelle licence c'est", claim.written),
        ))
        .at(places(claims));
    }
    if e.record.is_some() {
        return Answer::unknown(Text::new("the record names no license", "la notice ne nomme aucune licence"));
    }
    if card_is_torn(e) {
        return Answer::unknown(Text::new(
            "no license was found in the part of the card that could be read",
            "aucune licence n'a été trouvée dans la partie lisible de la fiche",
        ))
        .at(where_to_look(&e.card));
    }
    Answer::not_met(Text::new(
        "no license is named: not in a card, a license file, the weights' metadata or ouvert.toml",
        "aucune licence n'est nommée : ni dans une fiche, ni dans un fichier de licence, ni dans les métadonnées des poids, ni dans ouvert.toml",
    ))
    .at(where_to_look(&e.card))
}

pub(super) fn unrestricted(e: &Evidence) -> Answer {
    let claims = deciding(e);
    if claims.is_empty() {
        let nothing = Text::new(
            "no license was found, so no use is granted",
            "aucune licence n'a été trouvée, donc aucun usage n'est accordé",
        );
        let answer =
            if card_is_torn(e) || e.record.is_some() { Answer::unknown(nothing) } else { Answer::not_met(nothing) };
        return answer.at(where_to_look(&e.card));
    }
    let with: Vec<(&LicenseClaim, Judgement)> = claims.iter().map(|c| (*c, judged(c))).collect();
    let barred: Vec<_> = with.iter().filter(|(_, j)| j.use_ == Use::Barred).collect();
    if let Some((_, first)) = barred.first() {
        let (en, fr) = restrictions(first);
        let id = first.licenses.iter().find(|l| l.restricts()).map(|l| l.name.clone()).unwrap_or_default();
        return Answer::not_met(Text::new(format!("{id} bars uses: {en}"), format!("{id} interdit des usages : {fr}")))
            .at(places(barred.iter().map(|(c, _)| *c)));
    }
    let changed =
        e.terms.iter().find(|t| t.certain && with.iter().any(|(c, _)| c.text.is_some() && c.written == t.place.path));
    if let Some(term) = changed {
        return Answer::not_met(Text::new(
            format!("the license text in {} adds a restriction", term.place.path),
            format!("le texte de licence de {} ajoute une restriction", term.place.path),
        ))
        .at([term.place.clone()]);
    }
    if !with.iter().any(|(c, _)| names_one(c))
        && let Some(term) = e.terms.iter().find(|t| t.certain)
    {
        let kind = restriction(&term.kind);
        return Answer::not_met(Text::new(
            format!("no license is identified, and the only terms seen restrict use: {}", kind.en),
            format!(
                "aucune licence n'est identifiée, et les seules conditions vues restreignent l'usage : {}",
                kind.fr
            ),
        ))
        .at([term.place.clone()]);
    }
    if let Some(gap) = unread(e) {
        return unread_answer(gap);
    }
    let unsure: Vec<_> = with.iter().filter(|(_, j)| j.use_ == Use::Unknown).collect();
    if let Some((claim, judgement)) = unsure.first() {
        return unsure_answer(claim, judgement).at(places(unsure.iter().map(|(c, _)| *c)));
    }
    let mut ids: Vec<&str> = with.iter().flat_map(|(_, j)| j.licenses.iter().map(|l| l.spdx_id())).collect();
    ids.sort_unstable();
    ids.dedup();
    let (en, fr) = names(ids);
    Answer::met(Text::new(format!("{en} bars no use"), format!("{fr} n'interdit aucun usage"))).at(places(claims))
}

/// The license of a base model. One that bars uses binds what was made from it, whatever that says of itself, unless the
/// same holder gave both out.
pub(super) fn of_base(release: &Evidence, ancestor: &Ancestor<'_>, base: &Evidence) -> Answer {
    let answer = unrestricted(base);
    if answer.outcome != Outcome::NotMet {
        return answer;
    }
    let free = |e: &Evidence| unrestricted(e).outcome == Outcome::Met;
    let (own, theirs) = (holder(ancestor.child), holder(base));
    if let (Some(own), Some(theirs)) = (own, theirs)
        && own.eq_ignore_ascii_case(&theirs)
        && free(ancestor.child)
    {
        return Answer::met(Text::new(
            format!("{own} holds both, and gives the newer one out under a license that bars no use"),
            format!("{own} détient les deux, et diffuse le plus récent sous une licence qui n'interdit aucun usage"),
        ))
        .at(answer.places);
    }
    if !free(release) {
        return answer;
    }
    let says = Text::new(
        format!("{}; the freer license of what was made from it cannot lift that (laundering)", answer.says.en),
        format!("{} ; la licence plus libre de ce qui en est tiré ne peut le lever (blanchiment)", answer.says.fr),
    );
    Answer { says, ..answer }
}

/// Who gives a release out: the owner of its repository on the hub.
fn holder(e: &Evidence) -> Option<String> {
    let id = e.hub.as_ref().map(|h| h.id.as_str()).or_else(|| e.subject.locator.strip_prefix("hf:"))?;
    id.split_once('/').map(|(owner, _)| owner.to_owned())
}

/// The restrictions of a judgement in words: kind and reason of the first three.
fn restrictions(judgement: &Judgement) -> (String, String) {
    let bars: Vec<_> = judgement.bars().collect();
    let en: Vec<String> =
        bars.iter().take(3).map(|(_, b)| format!("{} ({})", b.en.trim_end_matches('.'), b.clause)).collect();
    let fr: Vec<String> =
        bars.iter().take(3).map(|(_, b)| format!("{} ({})", b.fr.trim_end_matches('.'), b.clause)).collect();
    (en.join("; "), fr.join(" ; "))
}

fn unsure_answer(claim: &LicenseClaim, judgement: &Judgement) -> Answer {
    let name = &claim.written;
    let says = match claim.text.as_ref().map(|t| (t.form, t.confidence)) {
        Some((TextForm::Changed, confidence)) => {
            let id = claim.expression.as_deref().unwrap_or_default();
            Text::new(
                format!(
                    "the text of {name} is near {id} ({confidence:.3}), but not word for word: read what was changed"
                ),
                format!(
                    "le texte de {name} est proche de {id} ({confidence:.3}), mais pas mot pour mot : lisez ce qui a changé"
                ),
            )
        }
        Some((TextForm::Unknown, _)) => Text::new(
            format!("the text of {name} is no license known here: a person must read it"),
            format!("le texte de {name} n'est aucune licence connue ici : quelqu'un doit le lire"),
        ),
        _ if judgement.licenses.iter().any(|l| l.standing == Standing::Family) => Text::new(
            format!("`{name}` is a family of licenses, some of which bar uses: name the one"),
            format!("`{name}` est une famille de licences dont certaines interdisent des usages : nommez laquelle"),
        ),
        _ => Text::new(
            format!("nobody has read the license `{name}` here: whether it bars a use is not known"),
            format!("personne n'a lu ici la licence `{name}` : on ne sait pas si elle interdit un usage"),
        ),
    };
    Answer::unknown(says)
}

pub(super) fn recognised(e: &Evidence) -> Answer {
    let claims: Vec<_> = deciding(e).into_iter().filter(|c| names_one(c)).collect();
    if claims.is_empty() {
        return Answer::unknown(Text::new("no license was identified", "aucune licence n'a été identifiée"))
            .at(where_to_look(&e.card));
    }
    let strange: Vec<_> = claims.iter().copied().filter(|c| !judged(c).recognised()).collect();
    if let Some(first) = strange.first() {
        let judgement = judged(first);
        let id = first.expression.as_deref().unwrap_or(&first.written);
        let unread = judgement.licenses.iter().all(|l| matches!(l.standing, Standing::Unread | Standing::Family));
        let says = Text::new(
            format!(
                "{id} is neither approved by OSI or FSF, nor conformant with the Open Definition, nor on the reviewed list"
            ),
            format!(
                "{id} n'est ni approuvée par l'OSI ou la FSF, ni conforme à l'Open Definition, ni sur la liste relue"
            ),
        );
        let answer =
            if unread && !judgement.licenses.is_empty() { Answer::unknown(says) } else { Answer::not_met(says) };
        return answer.counting(claims.len() - strange.len(), claims.len()).at(places(strange));
    }
    let bodies = |j: &Judgement, b: Body| j.licenses.iter().all(|l| l.approved.contains(&b));
    let all: Vec<Judgement> = claims.iter().map(|c| judged(c)).collect();
    let by: Vec<&str> = [(Body::Osi, "OSI"), (Body::Fsf, "FSF"), (Body::Od, "Open Definition")]
        .into_iter()
        .filter(|(b, _)| all.iter().all(|j| bodies(j, *b)))
        .map(|(_, name)| name)
        .collect();
    let says = if by.is_empty() {
        Text::new("the license is on the reviewed list", "la licence est sur la liste relue")
    } else {
        Text::new(
            format!("the license is recognised by: {}", by.join(", ")),
            format!("la licence est reconnue par : {}", by.join(", ")),
        )
    };
    Answer::met(says).at(places(claims))
}

/// One id for a license wherever it is named: GNU ids with and without `-only` name the same text.
fn canonical(claim: &LicenseClaim) -> Option<String> {
    let expression = claim.expression.as_deref()?;
    let one = |id: &str| id.trim_end_matches("-only").trim_end_matches("-or-later").to_owned();
    Some(licenses::find(expression).map_or_else(|| expression.to_owned(), |l| one(l.spdx_id())))
}

/// Whether a file that holds several texts holds this one, and the others bar no more than it does: they are those of
/// parts that come from elsewhere.
fn holds(claim: &LicenseClaim, id: &str) -> bool {
    let judgement = judged(claim);
    let one = |l: &License| l.spdx_id().trim_end_matches("-only").trim_end_matches("-or-later") == id;
    claim.text.is_some() && judgement.use_ == Use::Free && judgement.licenses.iter().any(|l| one(l))
}

pub(super) fn consistent(e: &Evidence) -> Answer {
    let claims = deciding(e);
    let mut by_id: BTreeMap<String, Vec<&LicenseClaim>> = BTreeMap::new();
    let mut unknown = Vec::new();
    for claim in claims.iter().copied() {
        let whole = claim.text.as_ref().is_none_or(|t| matches!(t.form, TextForm::Exact | TextForm::Notice));
        match canonical(claim).filter(|_| whole) {
            Some(id) => by_id.entry(id).or_default().push(claim),
            None => unknown.push(claim),
        }
    }
    let named: Vec<String> = by_id.keys().filter(|id| licenses::find(id).is_some()).cloned().collect();
    if let [id] = named.as_slice() {
        let (one, rest): (BTreeMap<_, _>, BTreeMap<_, _>) =
            by_id.into_iter().partition(|(other, claims)| other == id || !claims.iter().all(|c| holds(c, id)));
        by_id = one;
        let several = rest.into_values().flatten();
        by_id.entry(id.clone()).or_default().extend(several);
    }
    if by_id.len() > 1 {
        let (en, fr) = names(by_id.keys().map(String::as_str));
        let most = by_id.values().map(Vec::len).max().unwrap_or(0);
        let firsts = by_id.values().filter_map(|c| c.first().copied());
        return Answer::not_met(Text::new(
            format!("places disagree: {en}"),
            format!("des endroits se contredisent : {fr}"),
        ))
        .counting(most, claims.len())
        .at(places(firsts));
    }
    let Some((id, agreeing)) = by_id.iter().next() else {
        return Answer::unknown(Text::new("no license was identified", "aucune licence n'a été identifiée"))
            .at(places(unknown));
    };
    if let Some(odd) = unknown.first() {
        return Answer::unknown(Text::new(
            format!("whether {} agrees with {id} cannot be told", odd.written),
            format!("on ne peut dire si {} s'accorde avec {id}", odd.written),
        ))
        .counting(agreeing.len(), claims.len())
        .at(places(unknown));
    }
    let n = agreeing.len();
    let says = if n == 1 {
        Text::new(format!("one place names the license, {id}"), format!("un seul endroit nomme la licence, {id}"))
    } else {
        Text::new(format!("{n} places agree on {id}"), format!("{n} endroits s'accordent sur {id}"))
    };
    Answer::met(says).counting(n, n).at(places(agreeing.iter().copied()))
}

pub(super) fn text_present(e: &Evidence) -> Answer {
    let claims = deciding(e);
    let named: Vec<String> = claims.iter().copied().filter_map(canonical).collect();
    let is_text = |c: &&LicenseClaim| {
        c.source == ClaimSource::LicenseText && c.text.as_ref().is_some_and(|t| t.form == TextForm::Exact)
    };
    // The REUSE layout keeps all texts in LICENSES/: there, the text of the license named is the one.
    let in_folder = |c: &&LicenseClaim| {
        c.written.to_lowercase().starts_with("licenses/") && canonical(c).is_some_and(|id| named.contains(&id))
    };
    let own = claims.iter().copied().find(is_text);
    if let Some(found) = own.or_else(|| e.licenses.iter().filter(is_text).find(in_folder)) {
        let id = found.expression.as_deref().unwrap_or_default();
        return Answer::met(Text::new(
            format!("{} holds the full text of {id}, every word accounted for", found.written),
            format!("{} contient le texte entier de {id}, chaque mot étant vérifié", found.written),
        ))
        .at([found.place.clone()]);
    }
    if let Some(gap) = unread(e) {
        return unread_answer(gap);
    }
    let files: Vec<_> = claims.iter().copied().filter(|c| c.text.is_some()).collect();
    let says = match files.first().and_then(|c| Some((c, c.text.as_ref()?))) {
        None => Text::new(
            "no license text ships with the release: a name alone does not give the terms",
            "aucun texte de licence n'accompagne la publication : un nom seul ne donne pas les conditions",
        ),
        Some((claim, text)) if text.form == TextForm::Notice => Text::new(
            format!("{} holds a short notice, not the license's text", claim.written),
            format!("{} contient une courte notice, pas le texte de la licence", claim.written),
        ),
        Some((claim, text)) if text.form == TextForm::Changed => Text::new(
            format!(
                "the text of {} differs from {} ({:.3} alike)",
                claim.written,
                claim.expression.as_deref().unwrap_or_default(),
                text.confidence
            ),
            format!(
                "le texte de {} diffère de {} (ressemblance {:.3})",
                claim.written,
                claim.expression.as_deref().unwrap_or_default(),
                text.confidence
            ),
        ),
        Some((claim, _)) => {
            return Answer::unknown(Text::new(
                format!("the text of {} is no license known here", claim.written),
                format!("le texte de {} n'est aucune licence connue ici", claim.written),
            ))
            .at(places(files));
        }
    };
    let places = if files.is_empty() { places(claims) } else { places(files) };
    Answer::not_met(says).at(places)
}

pub(super) fn identifier_valid(e: &Evidence) -> Answer {
    let written = |c: &&LicenseClaim| {
        let is_name_of_other = c.place.excerpt.as_deref().is_some_and(|x| x.trim_start().starts_with("license_name"));
        // A record may name a license by words or by an address.
        let is_id = c.source.is_record() && !matches!(licenses::spelling(&c.written), Spelling::Invalid(_));
        let fields =
            [ClaimSource::FrontMatter, ClaimSource::Manifest, ClaimSource::WeightsMetadata, ClaimSource::Record];
        fields.contains(&c.source) && !is_name_of_other || is_id
    };
    let claims: Vec<_> = deciding(e).into_iter().filter(written).collect();
    if claims.is_empty() {
        return Answer::not_met(Text::new(
            "no field holds a license identifier",
            "aucun champ ne contient d'identifiant de licence",
        ))
        .at(where_to_look(&e.card));
    }
    let mut odd = Vec::new();
    let mut says = None;
    for claim in &claims {
        let told = match licenses::spelling(&claim.written) {
            Spelling::Valid => continue,
            Spelling::Deprecated(what) => {
                Text::new(format!("a deprecated identifier: {what}"), format!("un identifiant périmé : {what}"))
            }
            Spelling::Invalid(near) => match near.first() {
                Some(id) => Text::new(
                    format!("`{}` is not a valid identifier; did you mean `{id}`?", claim.written),
                    format!("`{}` n'est pas un identifiant valide ; vouliez-vous dire `{id}` ?", claim.written),
                ),
                None => Text::new(
                    format!("`{}` is neither an SPDX expression nor a license id of the hub", claim.written),
                    format!("`{}` n'est ni une expression SPDX ni un identifiant de licence du hub", claim.written),
                ),
            },
        };
        odd.push(*claim);
        says.get_or_insert(told);
    }
    match says {
        Some(says) => Answer::not_met(says).counting(claims.len() - odd.len(), claims.len()).at(places(odd)),
        None => {
            let (en, fr) = names([claims.first().map_or("", |c| c.written.as_str())]);
            Answer::met(Text::new(format!("{en} is a valid identifier"), format!("{fr} est un identifiant valide")))
                .counting(claims.len(), claims.len())
                .at(places(claims))
        }
    }
}
