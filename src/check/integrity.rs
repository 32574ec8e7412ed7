//! Are these the bytes that were released? Questions about published digests and what they cover.

use std::collections::HashMap;

use super::{counted, names, some};
use crate::digest::{Checksum, Kind};
use crate::evidence::{
    ArtifactKind, DigestBy, Evidence, FileFact, FileStatus, GapKind, Place, SignatureFact, Told, Topic, Verdict,
};
use crate::finding::{Answer, Lang, Strength, Text};

/// The questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is explained by its rule in rules/three-criteria.toml
pub enum Question {
    Digests,
    Complete,
    Signed,
}

/// The questions by name.
pub const QUESTIONS: &[(&str, Question)] =
    &[("digests", Question::Digests), ("complete", Question::Complete), ("signed", Question::Signed)];

pub(super) fn ask(question: Question, e: &Evidence) -> Answer {
    match question {
        Question::Digests => digests(e),
        Question::Complete => complete(e),
        Question::Signed => signed(e),
    }
}

fn with(e: &Evidence, status: FileStatus) -> Vec<&FileFact> {
    e.files.iter().filter(|f| f.status == status).collect()
}

/// Where a file's digest was published, or the file itself.
fn place(file: &FileFact) -> Place {
    file.expected.first().map_or_else(|| Place::file(&file.path), |x| x.place.clone())
}

fn list(files: &[&FileFact]) -> (String, String) {
    names(files.iter().map(|f| f.path.as_str()))
}

fn digests(e: &Evidence) -> Answer {
    let (bad, good, declared) =
        (with(e, FileStatus::Mismatched), with(e, FileStatus::Verified), with(e, FileStatus::Declared));
    let gone: Vec<_> = with(e, FileStatus::Missing).into_iter().filter(|f| !f.expected.is_empty()).collect();
    let corrupted = with(e, FileStatus::Corrupted);
    let of = bad.len() + good.len() + declared.len() + gone.len() + corrupted.len();
    if let Some(first) = corrupted.first() {
        let (en, fr) = list(&corrupted);
        let then = first.before.as_ref().map(Checksum::short).unwrap_or_default();
        let now = first.before.as_ref().and_then(|c| first.computed_as(c)).map(|c| c.short()).unwrap_or_default();
        return Answer::not_met(Text::new(
            format!("the bytes changed though the modification time did not: {en} (then {then}, now {now})"),
            format!("les octets ont changé, pas la date de modification : {fr} (avant {then}, maintenant {now})"),
        ))
        .by(Strength::Verified)
        .counting(good.len(), of)
        .at(some(corrupted.iter().map(|f| place(f))));
    }
    if let Some(first) = bad.first() {
        let (en, fr) = list(&bad);
        let broken = first.expected.iter().find(|x| first.holds(x) == Some(false));
        let wanted = broken.map(|x| x.checksum.short()).unwrap_or_default();
        let found = broken.and_then(|x| first.found(x)).or_else(|| first.sha256.clone().map(Checksum::from));
        let found = found.map(|c| c.short()).unwrap_or_default();
        let by = broken.map(|x| x.place.path.as_str()).unwrap_or_default();
        return Answer::not_met(Text::new(
            format!("the bytes are not those published: {en} (published {wanted} in {by}, found {found})"),
            format!("les octets ne sont pas ceux publiés : {fr} (publié {wanted} dans {by}, trouvé {found})"),
        ))
        .by(Strength::Verified)
        .counting(good.len(), of)
        .at(some(bad.iter().map(|f| {
            f.expected.iter().find(|x| f.holds(x) == Some(false)).map_or_else(|| place(f), |x| x.place.clone())
        })));
    }
    if !gone.is_empty() {
        let (en, fr) = list(&gone);
        return Answer::not_met(Text::new(
            format!("a digest is published, and the file is not here: {en}"),
            format!("une empreinte est publiée, et le fichier n'est pas là : {fr}"),
        ))
        .counting(good.len(), of)
        .at(some(gone.iter().map(|f| place(f))));
    }
    let torn: Vec<_> = e.files.iter().filter(|f| disagree(f)).collect();
    if !torn.is_empty() {
        let (en, fr) = list(&torn);
        return Answer::not_met(Text::new(
            format!("two published digests of one file disagree: {en}"),
            format!("deux empreintes publiées d'un même fichier se contredisent : {fr}"),
        ))
        .counting(good.len(), of)
        .at(some(torn.iter().flat_map(|f| f.expected.iter().map(|x| x.place.clone()))));
    }
    if of == 0 {
        return Answer::unknown(Text::new(
            "no digest is published to compare the files with",
            "aucune empreinte n'est publiée à laquelle comparer les fichiers",
        ));
    }
    let changed: Vec<_> = e.gaps.iter().filter(|g| g.kind == GapKind::Changed).map(|g| g.what.as_str()).collect();
    if !changed.is_empty() {
        let (en, fr) = names(changed.iter().copied());
        return Answer::unknown(Text::new(
            format!("changed while it was read: {en}"),
            format!("a changé pendant la lecture : {fr}"),
        ))
        .counting(good.len(), of)
        .at(some(changed.into_iter().map(Place::file)));
    }
    if !declared.is_empty() {
        let n = declared.len();
        return Answer::unknown(Text::new(
            format!("published digests that were not compared with any bytes: {n} of {of}"),
            format!("empreintes publiées qui n'ont été comparées à aucun octet : {n} sur {of}"),
        ))
        .counting(good.len(), of)
        .at(some(declared.iter().map(|f| place(f))));
    }
    let mut by: Vec<&str> = good.iter().flat_map(|f| f.expected.iter().map(|x| source_of(&x.place.path))).collect();
    by.sort_unstable();
    by.dedup();
    let weak = good.iter().filter(|f| f.expected.iter().all(|x| x.checksum.kind.is_weak())).count();
    let by = by.join(", ");
    let (one, all) = ("the one file with a published digest holds", "all # files with a published digest hold");
    let mut en = format!("{} ({by})", counted(of, one, all));
    let (one, all) = (
        "le seul fichier dont l'empreinte est publiée est bon",
        "les # fichiers dont l'empreinte est publiée sont bons",
    );
    let mut fr = format!("{} ({by})", counted(of, one, all));
    if weak > 0 {
        en.push_str(&format!("; {weak} by MD5 or SHA-1 alone, which tell damage, not forgery"));
        fr.push_str(&format!(" ; {weak} par MD5 ou SHA-1 seulement, qui disent le dommage, pas la falsification"));
    }
    // Nobody read these bytes now: that they were those published is known of an earlier day.
    let by = |by: DigestBy| good.iter().filter(|f| f.digest_by == Some(by)).count();
    let (earlier, recorded) = (by(DigestBy::Cached), by(DigestBy::Recorded));
    if earlier > 0 {
        en.push_str(&format!("; {earlier} by a digest that was not computed now"));
        fr.push_str(&format!(" ; {earlier} par une empreinte qui n'a pas été calculée maintenant"));
    }
    // Nor these: that they are so is what the store says.
    if recorded > 0 {
        en.push_str(&format!("; {recorded} by a digest that the store recorded, not computed from the bytes"));
        fr.push_str(&format!(" ; {recorded} par une empreinte donnée par le stockage, non calculée sur les octets"));
    }
    let strength = if recorded > 0 { Strength::Declared } else { Strength::Verified };
    Answer::met(Text::new(en, fr)).by(strength).counting(of, of)
}

/// Whether two digests of one kind that were published for a file differ.
fn disagree(file: &FileFact) -> bool {
    let mut known = HashMap::new();
    file.expected.iter().any(|x| {
        let of: (Kind, _) = (x.checksum.kind, x.span.map(|span| (span.start, span.end)));
        *known.entry(of).or_insert(&x.checksum.hex) != &x.checksum.hex
    })
}

/// One name for the many files of one source of digests.
fn source_of(path: &str) -> &str {
    let folders = [".cache/huggingface/download", ".cache/huggingface/trees", "blobs", "trees"];
    folders.into_iter().find(|f| path.strip_prefix(f).is_some_and(|rest| rest.starts_with('/'))).unwrap_or(path)
}

fn complete(e: &Evidence) -> Answer {
    let missing = with(e, FileStatus::Missing);
    if !missing.is_empty() {
        let (en, fr) = list(&missing);
        return Answer::not_met(Text::new(
            format!("files are missing: {en}"),
            format!("il manque des fichiers : {fr}"),
        ))
        .counting(e.files.len() - missing.len(), e.files.len())
        .at(some(missing.iter().map(|f| place(f))));
    }
    let weights: Vec<_> =
        e.files.iter().filter(|f| matches!(f.kind, ArtifactKind::Weights | ArtifactKind::Checkpoint)).collect();
    let bare: Vec<_> = weights.iter().copied().filter(|f| f.expected.is_empty()).collect();
    if !bare.is_empty() {
        let (en, fr) = list(&bare);
        return Answer::not_met(Text::new(
            format!("no published digest covers {en}"),
            format!("aucune empreinte publiée ne couvre {fr}"),
        ))
        .counting(weights.len() - bare.len(), weights.len())
        .at(some(bare.iter().map(|f| place(f))));
    }
    let extra = with(e, FileStatus::Unlisted);
    if !extra.is_empty() {
        let (en, fr) = list(&extra);
        return Answer::not_met(Text::new(
            format!("files that no manifest lists: {en}"),
            format!("des fichiers qu'aucun manifeste ne liste : {fr}"),
        ))
        .counting(e.files.len() - extra.len(), e.files.len())
        .at(some(extra.iter().map(|f| place(f))));
    }
    if e.files.iter().all(|f| f.expected.is_empty()) {
        return Answer::unknown(Text::new(
            "no manifest tells what the release should hold",
            "aucun manifeste ne dit ce que la publication doit contenir",
        ));
    }
    let mut unseen: Vec<&str> =
        e.gaps.iter().filter(|g| g.topic == Topic::Integrity && g.kind.hides()).map(|g| g.what.as_str()).collect();
    unseen.dedup();
    if !unseen.is_empty() {
        let (en, fr) = names(unseen.iter().copied());
        return Answer::unknown(Text::new(
            format!("there, and could not be seen: {en}"),
            format!("là, et n'a pas pu être vu : {fr}"),
        ))
        .at(some(unseen.into_iter().map(Place::file)));
    }
    Answer::met(Text::new(
        "every file listed is there, every weight file is covered, nothing else is",
        "chaque fichier listé est là, chaque fichier de poids est couvert, il n'y a rien d'autre",
    ))
    .counting(e.files.len(), e.files.len())
}

/// Met only by signatures that were verified, whose files are those signed, and that leave no weights uncovered. Whether the signer
/// is the right one is the reader's to judge, unless they said whom they expect.
fn signed(e: &Evidence) -> Answer {
    if e.signatures.is_empty() {
        return unsigned(e);
    }
    let at = |all: &[&SignatureFact]| some(all.iter().map(|s| Place::file(&s.path)));
    let broken: Vec<&SignatureFact> = e.signatures.iter().filter(|s| s.is_broken()).collect();
    if let Some(first) = broken.first() {
        let parts = [&first.files, &first.signature, &first.expected];
        let why: Vec<&Told> = parts.into_iter().filter(|told| told.verdict == Verdict::Fails).collect();
        let join = |lang| why.iter().map(|told| told.says.get(lang)).collect::<Vec<_>>().join("; ");
        return Answer::not_met(Text::new(
            format!("{}: {}", first.path, join(Lang::En)),
            format!("{} : {}", first.path, join(Lang::Fr).replace("; ", " ; ")),
        ))
        .by(Strength::Verified)
        .at(at(&broken));
    }
    let good: Vec<&SignatureFact> = e.signatures.iter().filter(|s| s.is_good()).collect();
    let Some(first) = good.first() else {
        let first = e.signatures.iter().find(|s| s.signature.verdict != Verdict::Holds).or(e.signatures.first());
        let (told, path) = first.map_or((Told::default(), String::new()), |s| {
            let why = if s.signature.verdict == Verdict::Holds { &s.files } else { &s.signature };
            (why.clone(), s.path.clone())
        });
        return Answer::unknown(Text::new(format!("{path}: {}", told.says.en), format!("{path} : {}", told.says.fr)))
            .at(at(&e.signatures.iter().collect::<Vec<_>>()));
    };
    // What none of them covers is bare; it is in the list of that which leaves the fewest out.
    let fewest = good.iter().min_by_key(|s| s.uncovered.len());
    let left = fewest.iter().flat_map(|s| s.uncovered.iter().map(String::as_str));
    let bare: Vec<&str> = left.filter(|path| !good.iter().any(|s| s.covers(path))).collect();
    if !bare.is_empty() {
        let (en, fr) = names(bare.iter().copied());
        return Answer::not_met(Text::new(
            format!("the signature leaves weights out: {en}"),
            format!("la signature laisse des poids de côté : {fr}"),
        ))
        .by(Strength::Verified)
        .at(some(bare.into_iter().map(Place::file)));
    }
    let (path, signature, expected) = (&first.path, &first.signature.says, &first.expected.says);
    Answer::met(Text::new(
        format!("{path}: {}; signer: {}", signature.en, expected.en),
        format!("{path} : {} ; signataire : {}", signature.fr, expected.fr),
    ))
    .by(Strength::Verified)
    .at(at(&good))
}

/// Where no signature was looked into: evidence of an earlier version may have one among its files.
fn unsigned(e: &Evidence) -> Answer {
    let of =
        |path: &str| path.ends_with("model.sig") || path.ends_with(".sigstore.json") || path.ends_with(".sigstore");
    match e.files.iter().find(|f| of(&f.path)) {
        Some(file) => Answer::unknown(Text::new(
            format!("the signature {} was not looked into", file.path),
            format!("la signature {} n'a pas été examinée", file.path),
        ))
        .at([Place::file(&file.path)]),
        None => {
            Answer::not_met(Text::new("the release carries no signature", "la publication ne porte aucune signature"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;

    fn good(uncovered: impl IntoIterator<Item = String>) -> SignatureFact {
        let told = || Told::holds(Text::default());
        let uncovered = uncovered.into_iter().take(SignatureFact::MOST).collect();
        SignatureFact { files: told(), signature: told(), uncovered, ..SignatureFact::default() }
    }

    fn asked(signatures: Vec<SignatureFact>) -> Outcome {
        signed(&Evidence { signatures, ..Evidence::default() }).outcome
    }

    #[test]
    fn weights_that_no_signature_covers() {
        let paths = |folder: &str, n: usize| (0..n).map(|i| format!("{folder}/{i:04}")).collect::<Vec<_>>();
        assert_eq!(asked(vec![good([])]), Outcome::Met);
        assert_eq!(asked(vec![good(paths("a", 1))]), Outcome::NotMet);
        // Two signatures may cover a release together.
        assert_eq!(asked(vec![good(paths("a", 2)), good(paths("b", 2))]), Outcome::Met);
        let more = [paths("a", 2), paths("c", 1)].concat();
        assert_eq!(asked(vec![good(more), good([paths("b", 2), paths("c", 1)].concat())]), Outcome::NotMet);
        // What was cut off a long list could be anything.
        let long = [paths("a", 1000), paths("c", 1)].concat();
        assert_eq!(asked(vec![good(long.clone()), good([paths("b", 1), paths("c", 1)].concat())]), Outcome::NotMet);
        assert_eq!(asked(vec![good(long.clone()), good(long)]), Outcome::NotMet);
    }

    #[test]
    fn one_broken_signature_is_not_outweighed() {
        let broken = |change: fn(&mut SignatureFact)| {
            let mut fact = good([]);
            change(&mut fact);
            asked(vec![good([]), fact])
        };
        assert_eq!(broken(|s| s.files.verdict = Verdict::Fails), Outcome::NotMet);
        assert_eq!(broken(|s| s.signature.verdict = Verdict::Fails), Outcome::NotMet);
        assert_eq!(broken(|s| s.expected.verdict = Verdict::Fails), Outcome::NotMet);
        assert_eq!(broken(|s| s.signature.verdict = Verdict::Unknown), Outcome::Met);
        let unknown = SignatureFact { files: Told::holds(Text::default()), ..SignatureFact::default() };
        assert_eq!(asked(vec![unknown]), Outcome::Unknown);
        let mut unread = good([]);
        unread.files.verdict = Verdict::Unknown;
        assert_eq!(asked(vec![unread]), Outcome::Unknown);
    }
}
