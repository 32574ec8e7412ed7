//! Terms that stand beside the license: in sentences, gates, training sets and the models that made them.

use super::{deciding, judged, restriction, unread, unread_answer};
use crate::check::{card_is_torn, some, use_of, where_to_look};
use crate::evidence::{Access, Dataset, Evidence, GapKind, Place, SubjectKind, Term};
use crate::finding::{Answer, Outcome, Strength, Text};
use crate::lists::judgement::{Judgement, Use};
use crate::lists::licenses::{Restriction, Standing};
use crate::lists::teachers;

pub(super) fn no_added_terms(e: &Evidence) -> Answer {
    let certain = by_kind(e.terms.iter().filter(|t| t.certain));
    if !certain.is_empty() {
        let kinds = named(&certain);
        let says = match certain.as_slice() {
            [_] => Text::new(
                format!("a sentence adds a restriction beside the license: {}", kinds.en),
                format!("une phrase ajoute une restriction à côté de la licence : {}", kinds.fr),
            ),
            _ => Text::new(
                format!("sentences add restrictions beside the license: {}", kinds.en),
                format!("des phrases ajoutent des restrictions à côté de la licence : {}", kinds.fr),
            ),
        };
        return Answer::not_met(says).at(seen(&certain));
    }
    if !e.terms.is_empty() {
        return Answer::unknown(Text::new(
            "a sentence may add a restriction; a person must read it",
            "une phrase ajoute peut-être une restriction ; quelqu'un doit la lire",
        ))
        .at(some(e.terms.iter().map(|t| t.place.clone())));
    }
    if let Some(gap) = unread(e) {
        return unread_answer(gap);
    }
    if e.record.is_some() {
        return Answer::unknown(Text::new(
            "a record was read; the texts that may add terms were not",
            "on a lu une notice, non les textes qui ajoutent peut-être des conditions",
        ));
    }
    if card_is_torn(e) {
        return Answer::unknown(Text::new(
            "a part of the card could not be read; it may add terms",
            "une partie de la fiche n'a pu être lue ; elle ajoute peut-être des conditions",
        ))
        .at(where_to_look(&e.card));
    }
    // A record names a license and holds no text.
    if e.card.path.is_none() && e.licenses.iter().all(|c| c.source.is_record() && c.text.is_none()) {
        return Answer::unknown(Text::new("there is no text to read", "il n'y a aucun texte à lire"));
    }
    Answer::met(Text::new(
        "no sentence of the card, of a policy file or of a gate adds a restriction",
        "aucune phrase de la fiche, d'une politique d'usage ou d'un formulaire d'accès n'ajoute de restriction",
    ))
    .at(where_to_look(&e.card))
}

/// Kinds of restriction that are named at most; there are eleven.
const KINDS: usize = 12;
/// Places kept of them, of each kind at least one.
const PLACES: usize = 12;

/// Terms of one kind after the other, the kinds in the order of their first term.
fn by_kind<'a>(terms: impl IntoIterator<Item = &'a Term>) -> Vec<(&'a str, Vec<&'a Term>)> {
    let mut kinds: Vec<(&str, Vec<&Term>)> = Vec::new();
    for term in terms {
        if let Some((_, known)) = kinds.iter_mut().find(|(kind, _)| *kind == term.kind) {
            known.push(term);
        } else if kinds.len() < KINDS {
            kinds.push((&term.kind, vec![term]));
        }
    }
    kinds
}

/// The kinds in words.
fn named(kinds: &[(&str, Vec<&Term>)]) -> Text {
    let words: Vec<Text> = kinds.iter().map(|(kind, _)| restriction(kind)).collect();
    let list = |get: fn(&Text) -> &str| words.iter().map(get).collect::<Vec<_>>().join(", ");
    Text::new(list(|t| &t.en), list(|t| &t.fr))
}

/// Where they stand: the first of each kind, then the second of each, so that no kind hides another.
fn seen(kinds: &[(&str, Vec<&Term>)]) -> Vec<Place> {
    let rounds = kinds.iter().map(|(_, terms)| terms.len()).max().unwrap_or(0);
    let mut out: Vec<Place> = Vec::new();
    for term in (0..rounds).flat_map(|round| kinds.iter().filter_map(move |(_, terms)| terms.get(round))) {
        if out.len() < PLACES && !out.contains(&term.place) {
            out.push(term.place.clone());
        }
    }
    out
}

/// Whether the license and what is added to it bar none of the uses of some kinds. Uses of other kinds may be barred: `whole`
/// is whether any is.
pub(super) fn free_of(e: &Evidence, kinds: &[Restriction], whole: Answer) -> Answer {
    let claims = deciding(e);
    let judged: Vec<_> = claims.iter().map(|c| (*c, judged(c))).collect();
    let hit = |j: &Judgement| {
        j.bars().find(|(_, bar)| kinds.contains(&bar.kind)).map(|(l, bar)| (l.name.clone(), bar.clone()))
    };
    if let Some((claim, (name, bar))) = judged.iter().find_map(|(c, j)| Some((c, hit(j)?))) {
        return Answer::not_met(Text::new(
            format!("{name}: {} ({})", bar.en, bar.clause),
            format!("{name} : {} ({})", bar.fr, bar.clause),
        ))
        .at([claim.place.clone()]);
    }
    let of_kind =
        |t: &&Term| serde_json::from_value::<Restriction>(t.kind.as_str().into()).is_ok_and(|k| kinds.contains(&k));
    let (certain, doubtful): (Vec<&Term>, Vec<&Term>) = e.terms.iter().filter(of_kind).partition(|t| t.certain);
    if !certain.is_empty() {
        let found = by_kind(certain);
        let kinds = named(&found);
        return Answer::not_met(Text::new(
            format!("a sentence adds a restriction: {}", kinds.en),
            format!("une phrase ajoute une restriction : {}", kinds.fr),
        ))
        .at(seen(&found));
    }
    if !doubtful.is_empty() {
        let found = by_kind(doubtful);
        let kinds = named(&found);
        return Answer::unknown(Text::new(
            format!("a sentence may add a restriction; a person must read it: {}", kinds.en),
            format!("une phrase ajoute peut-être une restriction ; quelqu'un doit la lire : {}", kinds.fr),
        ))
        .at(seen(&found));
    }
    // Whatever leaves the whole license open, or absent, leaves this open too; other bars do not.
    let read = |j: &Judgement| j.strange.is_empty() && j.licenses.iter().all(|l| l.standing == Standing::Reviewed);
    if claims.is_empty() || whole.outcome == Outcome::Unknown {
        return whole;
    }
    if let Some((claim, j)) = judged.iter().find(|(_, j)| !read(j)) {
        let name = j.licenses.first().map_or(claim.written.clone(), |l| l.name.clone());
        return Answer::unknown(Text::new(
            format!("{name} was not read here in full; it may bar such uses"),
            format!("{name} n'a pas été lue ici en entier ; elle interdit peut-être de tels usages"),
        ))
        .at([claim.place.clone()]);
    }
    let words: Vec<Text> = kinds.iter().map(|k| k.text()).collect();
    let list = |get: fn(&Text) -> &str| words.iter().map(get).collect::<Vec<_>>().join(", ");
    Answer::met(Text::new(
        format!("the license has none of these limits: {}", list(|t| &t.en)),
        format!("la licence n'a aucune de ces limites : {}", list(|t| &t.fr)),
    ))
    .at(some(claims.iter().map(|c| c.place.clone())))
}

pub(super) fn ungated(e: &Evidence) -> Answer {
    if !e.gate.is_empty() {
        return Answer::not_met(Text::new(
            "the front matter sets up a gate: files are served after a form",
            "l'en-tête de la fiche met en place un contrôle d'accès : les fichiers sont servis après un formulaire",
        ))
        .by(Strength::Declared)
        .at(some(e.gate.iter().cloned()));
    }
    if let Some(hub) = &e.hub {
        let at = Place::file("hub");
        return match &hub.gated {
            Some(how) => Answer::not_met(Text::new(
                format!("the hub serves the files behind a gate ({how})"),
                format!("le hub sert les fichiers derrière un contrôle d'accès ({how})"),
            )),
            None => Answer::met(Text::new(
                "the hub serves the files to anyone, without an account or a form",
                "le hub sert les fichiers à tous, sans compte ni formulaire",
            )),
        }
        .by(Strength::Resolved)
        .at([at]);
    }
    Answer::unknown(Text::new(
        "how the files are served was not seen: this audit read a directory",
        "on n'a pas vu comment les fichiers sont servis : cet audit a lu un dossier",
    ))
}

/// Whether no gate was seen. Who reads a directory sees only one that the card sets up.
pub(super) fn no_gate(e: &Evidence) -> Answer {
    let answer = ungated(e);
    if answer.outcome == Outcome::Unknown && e.record.is_none() {
        return Answer::met(Text::new("no gate before the files was seen", "aucun contrôle d'accès n'a été vu"))
            .at(where_to_look(&e.card));
    }
    answer
}

pub(super) fn data_compatible(e: &Evidence) -> Answer {
    if e.datasets.is_empty() || e.subject.kind == SubjectKind::Dataset {
        return Answer::not_applicable(Text::new(
            "no training dataset is named",
            "aucun jeu d'entraînement n'est nommé",
        ));
    }
    let is = |d: &&Dataset, wanted: Use| use_of(d).unwrap_or(Use::Unknown) == wanted;
    let stricter: Vec<_> = e.datasets.iter().filter(|d| is(d, Use::Barred)).collect();
    let unknown = e.datasets.iter().filter(|d| is(d, Use::Unknown)).count();
    let of = e.datasets.len();
    if let Some(first) = stricter.first() {
        let license = first.license.clone().unwrap_or_default();
        let by_term = first.terms.iter().find(|t| t.certain);
        let says = by_term.map(|t| {
            let kind = restriction(&t.kind);
            Text::new(
                format!("a record of `{}` restricts its use: {}", first.name, kind.en),
                format!("une notice de `{}` en restreint l'usage : {}", first.name, kind.fr),
            )
        });
        return Answer::not_met(says.unwrap_or_else(|| {
            Text::new(
                format!("`{}` is under {license}, which bars uses that the model's license grants", first.name),
                format!(
                    "`{}` est sous {license}, qui interdit des usages que la licence du modèle accorde",
                    first.name
                ),
            )
        }))
        .counting(of - stricter.len() - unknown, of)
        .at(some(stricter.iter().flat_map(|d| d.places.first().cloned())));
    }
    if unknown > 0 {
        return Answer::unknown(Text::new(
            format!("the license of {unknown} of {of} training datasets is not known"),
            format!("la licence de {unknown} des {of} jeux d'entraînement n'est pas connue"),
        ))
        .counting(of - unknown, of)
        .at(some(e.datasets.iter().filter(|d| is(d, Use::Unknown)).flat_map(|d| d.places.first().cloned())));
    }
    Answer::met(Text::new(
        "no training dataset's license bars a use",
        "aucune licence de jeu d'entraînement n'interdit un usage",
    ))
    .counting(of, of)
    .at(some(e.datasets.iter().flat_map(|d| d.places.first().cloned())))
}

pub(super) fn teacher_terms(e: &Evidence) -> Answer {
    let of_sets = || e.datasets.iter().flat_map(|d| &d.synthetic);
    // A model whose own terms leave its output free leaves no trace in what learns from it.
    let follows = |teacher: &str| teachers::terms_of(teacher).map(|l| l.output_terms || l.restricts());
    let made: Vec<(&(String, Place), Option<bool>)> =
        e.data.synthetic.iter().chain(of_sets()).map(|made| (made, follows(&made.0))).collect();
    if let Some(((teacher, place), _)) = made.iter().find(|(_, follows)| *follows == Some(true)) {
        let terms = teachers::terms_of(teacher).map(|l| l.name.clone()).unwrap_or_default();
        return Answer::not_met(Text::new(
            format!("training text was made by {teacher}, whose terms follow its output ({terms})"),
            format!(
                "du texte d'entraînement a été produit par {teacher}, dont les conditions suivent les sorties ({terms})"
            ),
        ))
        .by(Strength::Declared)
        .at([place.clone()]);
    }
    if let Some(((teacher, place), _)) = made.iter().find(|(_, follows)| follows.is_none()) {
        return Answer::unknown(Text::new(
            format!("training text was made by {teacher}; that model's terms may follow its output"),
            format!("du texte d'entraînement a été produit par {teacher} ; les conditions de ce modèle peuvent suivre ses sorties"),
        ))
        .by(Strength::Declared)
        .at([place.clone()]);
    }
    let hinted: Vec<_> = e.datasets.iter().filter(|d| teachers::names_made_data(&d.name)).collect();
    if let Some(first) = hinted.first() {
        return Answer::unknown(Text::new(
            format!("the name of `{}` suggests text made by another model", first.name),
            format!("le nom de `{}` évoque un texte produit par un autre modèle", first.name),
        ))
        .counting(e.datasets.len() - hinted.len(), e.datasets.len())
        .at(some(hinted.iter().flat_map(|d| d.places.first().cloned())));
    }
    if e.datasets.is_empty() {
        // Whether data is named at all is asked by the data criterion; terms of sets that nobody names cannot be read.
        return Answer::not_applicable(Text::new(
            "no training dataset is named",
            "aucun jeu d'entraînement n'est nommé",
        ));
    }
    // A set that nobody can follow or see is the data criterion's matter, as one that nobody names is; one that could be
    // seen another time, or with the network, is not.
    let hidden = [GapKind::Hidden, GapKind::NotFound, GapKind::NotResolved];
    let reason = |d: &Dataset| e.gaps.iter().find(|g| g.what == d.id()).map(|g| g.kind);
    let beyond = |d: &Dataset| {
        matches!(d.access, Access::Absent | Access::Hidden) || reason(d).is_some_and(|kind| hidden.contains(&kind))
    };
    let read = |d: &Dataset| d.access == Access::Included || d.card_read;
    let unread = e.datasets.iter().filter(|d| !read(d) && !beyond(d)).count();
    let seen = e.datasets.iter().filter(|d| read(d)).count();
    if unread == 0 && seen == 0 {
        return Answer::not_applicable(Text::new(
            "no training dataset that is named can be looked up",
            "aucun jeu d'entraînement nommé ne peut être consulté",
        ));
    }
    if unread > 0 {
        return Answer::unknown(Text::new(
            format!(
                "not resolved: the cards of the training datasets were not read ({unread} of {})",
                e.datasets.len()
            ),
            format!(
                "non résolu : les fiches des jeux d'entraînement n'ont pas été lues ({unread} sur {})",
                e.datasets.len()
            ),
        ))
        .counting(e.datasets.len() - unread, e.datasets.len());
    }
    let of = e.datasets.len();
    let says = if seen == of {
        Text::new(
            "no training dataset is said to be another model's output",
            "aucun jeu d'entraînement n'est dit issu d'un autre modèle",
        )
    } else {
        Text::new(
            format!("no training dataset that could be seen ({seen} of {of}) is said to be another model's output"),
            format!("aucun des jeux d'entraînement visibles ({seen} sur {of}) n'est dit issu d'un autre modèle"),
        )
    };
    Answer::met(says).counting(seen, of).at(some(e.datasets.iter().flat_map(|d| d.documented.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(kind: &str, certain: bool, line: usize) -> Term {
        let place = Place { line: Some(line), ..Place::file("README.md") };
        Term { phrase: "x".into(), kind: kind.into(), certain, place }
    }

    fn lines(answer: &Answer) -> Vec<usize> {
        answer.places.iter().filter_map(|p| p.line).collect()
    }

    #[test]
    fn every_kind_of_restriction_is_named_and_seen() {
        let terms = (1..=20).map(|line| term("non-commercial", true, line)).collect();
        let mut e = Evidence { terms, ..Evidence::default() };
        let one = no_added_terms(&e);
        assert_eq!(one.says.en, "a sentence adds a restriction beside the license: non-commercial use only");
        assert_eq!(lines(&one), (1..=12).collect::<Vec<_>>());
        e.terms.extend([term("no-derivatives", true, 30), term("geography", false, 31), term("geography", true, 32)]);
        let three = no_added_terms(&e);
        assert_eq!(
            three.says.en,
            "sentences add restrictions beside the license: non-commercial use only, no derivatives, countries are left out"
        );
        assert_eq!(
            three.says.fr,
            "des phrases ajoutent des restrictions à côté de la licence : usage non commercial seulement, pas d'œuvres \
             dérivées, des pays sont exclus"
        );
        assert_eq!(lines(&three), [1, 30, 32, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        // Of kinds that nobody knows, which a saved audit may hold, some are named.
        e.terms = (0..1000).map(|i| term(&format!("kind-{i}"), true, i)).collect();
        let many = no_added_terms(&e);
        assert_eq!((many.says.en.matches("kind-").count(), many.places.len()), (12, 12));
    }

    #[test]
    fn limits_of_some_kinds_are_named_together() {
        let terms = vec![term("geography", true, 1), term("competitor", true, 2), term("research-only", true, 3)];
        let e = Evidence { terms, ..Evidence::default() };
        let kinds = [Restriction::Competitor, Restriction::ResearchOnly];
        let answer = free_of(&e, &kinds, no_added_terms(&e));
        assert_eq!(answer.says.en, "a sentence adds a restriction: competing uses are barred, research only");
        assert_eq!(lines(&answer), [2, 3]);
    }
}
