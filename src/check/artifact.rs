//! Are the files what they say? Questions about formats: headers that hold, weights that run no code, bytes that are there.

use super::{counted, names, some};
use crate::evidence::{
    ArtifactKind, Danger, Evidence, FileFact, Format, FrontMatter, GapKind, Place, ShardIndex, excerpt_of,
};
use crate::finding::{Answer, Text};
use crate::lists::pickle::danger;
use crate::words::foreign;

/// The questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is explained by its rule in rules/three-criteria.toml
pub enum Question {
    WellFormed,
    SafeFormat,
    Fetched,
}

/// The questions by name; their rules belong to the integrity criterion.
pub const QUESTIONS: &[(&str, Question)] =
    &[("well-formed", Question::WellFormed), ("safe-format", Question::SafeFormat), ("fetched", Question::Fetched)];

pub(super) fn ask(question: Question, e: &Evidence) -> Answer {
    match question {
        Question::WellFormed => well_formed(e),
        Question::SafeFormat => safe_format(e),
        Question::Fetched => fetched(e),
    }
}

fn weights(e: &Evidence) -> Vec<&FileFact> {
    let kinds = [ArtifactKind::Weights, ArtifactKind::Checkpoint];
    e.files.iter().filter(|f| kinds.contains(&f.kind) && f.bytes.is_some() && f.format.is_some()).collect()
}

fn places<'a>(files: impl IntoIterator<Item = &'a FileFact>) -> Vec<Place> {
    some(files.into_iter().map(|f| Place::file(&f.path)))
}

/// The French of what a reader of files said.
fn in_french(message: &str) -> String {
    foreign::french(message).unwrap_or_else(|| message.to_owned())
}

fn well_formed(e: &Evidence) -> Answer {
    if let FrontMatter::Broken { place, message } = &e.card.front {
        return Answer::not_met(Text::new(
            format!("the front matter of {} breaks: {message}", place.path),
            format!("l'en-tête de {} est mal formé : {}", place.path, in_french(message)),
        ))
        .at([place.clone()]);
    }
    let files = weights(e);
    let broken: Vec<_> = files
        .iter()
        .filter_map(|f| match &f.format {
            Some(Format::Broken { message, .. }) => Some((*f, message)),
            _ => None,
        })
        .collect();
    if let Some((file, message)) = broken.first() {
        return Answer::not_met(Text::new(
            format!("{}: {message}", file.path),
            format!("{} : {}", file.path, in_french(message)),
        ))
        .counting(files.len() - broken.len(), files.len())
        .at(places(broken.iter().map(|(f, _)| *f)));
    }
    if let Some(answer) = e.shards.iter().find_map(torn) {
        return answer;
    }
    let read =
        files.iter().filter(|f| matches!(f.format, Some(Format::Safetensors { .. } | Format::Gguf { .. }))).count();
    let unread: Vec<_> = files.iter().copied().filter(|f| matches!(f.format, Some(Format::Unread { .. }))).collect();
    if !unread.is_empty() {
        return Answer::unknown(Text::new(
            format!("headers that were not read: {} of {}", unread.len(), files.len()),
            format!("en-têtes non lus : {} sur {}", unread.len(), files.len()),
        ))
        .counting(read, files.len())
        .at(places(unread));
    }
    let blind: Vec<_> = files.iter().copied().filter(|f| matches!(f.format, Some(Format::Opaque { .. }))).collect();
    if let Some(first) = blind.first() {
        return Answer::unknown(Text::new(
            format!("this version does not look into {}", first.path),
            format!("cette version ne regarde pas dans {}", first.path),
        ))
        .counting(read, files.len())
        .at(places(blind));
    }
    if read == 0 {
        return Answer::not_applicable(Text::new("there is no header to read", "il n'y a pas d'en-tête à lire"));
    }
    Answer::met(Text::new(
        counted(
            read,
            "the header parses and its offsets fit the file",
            "# headers parse and their offsets fit the files",
        ),
        counted(
            read,
            "l'en-tête se lit et ses positions tiennent dans le fichier",
            "# en-têtes se lisent et leurs positions tiennent dans les fichiers",
        ),
    ))
    .counting(read, read)
    .at(places(files))
}

/// An index of weights that its shards do not bear out.
fn torn(index: &ShardIndex) -> Option<Answer> {
    let (path, n) = (&index.path, index.misplaced);
    let says = if let Some(tensor) = &index.example {
        Text::new(
            format!("{path} and its shards disagree on tensors such as {tensor} ({n} in all)"),
            format!("{path} et ses fragments se contredisent sur des tenseurs tels que {tensor} ({n} en tout)"),
        )
    } else if index.differs() {
        let (said, found) = (index.said_bytes.unwrap_or(0), index.found_bytes);
        Text::new(
            format!("{path} tells {said} bytes of tensors, its shards hold {found}"),
            format!("{path} annonce {said} octets de tenseurs, ses fragments en contiennent {found}"),
        )
    } else {
        return None;
    };
    let agreeing = index.tensors.saturating_sub(n);
    Some(Answer::not_met(says).counting(agreeing, index.tensors).at([Place::file(path)]))
}

fn safe_format(e: &Evidence) -> Answer {
    let mut files: Vec<_> = weights(e).into_iter().filter(|f| f.format != Some(Format::Pointer)).collect();
    // What lies beside the weights is loaded with them: it counts where it is made to do harm.
    let beside = e.files.iter().filter(|f| graver(f) >= Gravity::Unnamed && !files.contains(f));
    files.extend(beside.collect::<Vec<_>>());
    if files.is_empty() {
        return Answer::not_applicable(Text::new("there are no weights", "il n'y a pas de poids"));
    }
    let pickled: Vec<_> =
        files.iter().copied().filter(|f| matches!(f.format, Some(Format::Pickle | Format::Pickled(_)))).collect();
    if !pickled.is_empty() {
        return Answer::not_met(runs(&pickled)).counting(files.len() - pickled.len(), files.len()).at(places(pickled));
    }
    let safe = |f: &FileFact| match &f.format {
        Some(Format::Safetensors { .. } | Format::Gguf { .. } | Format::Broken { .. } | Format::Arrays) => true,
        Some(Format::Opaque { format }) => {
            matches!(format.as_str(), "ggml" | "onnx" | "onnx_data" | "tflite" | "msgpack")
        }
        _ => false,
    };
    let blind: Vec<_> = files.iter().copied().filter(|f| !safe(f)).collect();
    if !blind.is_empty() {
        let (en, fr) = names(blind.iter().map(|f| f.path.as_str()));
        return Answer::unknown(Text::new(
            format!("whether loading runs code is not known: {en}"),
            format!("on ne sait pas si le chargement exécute du code : {fr}"),
        ))
        .counting(files.len() - blind.len(), files.len())
        .at(places(blind));
    }
    Answer::met(Text::new(
        counted(files.len(), "the weight file loads without running code", "# weight files load without running code"),
        counted(
            files.len(),
            "le fichier de poids se charge sans exécuter de code",
            "# fichiers de poids se chargent sans exécuter de code",
        ),
    ))
    .counting(files.len(), files.len())
    .at(places(files))
}

/// How grave it is to load a file, by what was read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gravity {
    /// It is no pickle.
    None,
    /// Every import of it is known, and harmless.
    Harmless,
    /// Nothing was read of it.
    Unread,
    /// Not all was read of it.
    Partly,
    /// It imports what is not known here.
    Unknown,
    /// It imports what nobody can tell before.
    Unnamed,
    /// It imports what is dangerous.
    Dangerous,
}

fn graver(file: &FileFact) -> Gravity {
    let imports = match &file.format {
        Some(Format::Pickled(imports)) => imports,
        Some(Format::Pickle) => return Gravity::Unread,
        _ => return Gravity::None,
    };
    // Sorted by danger, and bounded: those that were left out are no worse than the last.
    let worst = imports.names.iter().map(|name| danger(name)).min();
    match worst {
        Some(Danger::Dangerous) => Gravity::Dangerous,
        _ if imports.unnamed > 0 => Gravity::Unnamed,
        Some(Danger::Unknown) => Gravity::Unknown,
        _ if !imports.unread.is_empty() => Gravity::Partly,
        Some(Danger::Harmless) | None => Gravity::Harmless,
    }
}

/// What pickles do when they are loaded, the gravest of them told.
fn runs(pickled: &[&FileFact]) -> Text {
    let worst = pickled.iter().map(|f| graver(f)).max().unwrap_or(Gravity::Unread);
    let of: Vec<&FileFact> = pickled.iter().copied().filter(|f| graver(f) == worst).collect();
    let (en, fr) = names(of.iter().map(|f| f.path.as_str()));
    let of_danger = |wanted: Danger| {
        let mut all: Vec<String> = of
            .iter()
            .flat_map(|f| match &f.format {
                Some(Format::Pickled(imports)) => imports.names.as_slice(),
                _ => &[],
            })
            .filter(|name| danger(name) == wanted)
            .map(|name| excerpt_of(name))
            .collect();
        all.sort_unstable();
        all.dedup();
        names(all.iter().map(String::as_str))
    };
    match worst {
        Gravity::Dangerous => {
            let (what, quoi) = of_danger(Danger::Dangerous);
            Text::new(
                format!("loading runs what can do harm: {what} in {en}"),
                format!("le chargement exécute ce qui peut nuire : {quoi} dans {fr}"),
            )
        }
        Gravity::Unnamed => Text::new(
            format!("loading runs what can do harm: imports whose names are made up, in {en}"),
            format!("le chargement exécute ce qui peut nuire : imports dont le nom est composé, dans {fr}"),
        ),
        Gravity::Unknown => {
            let (what, quoi) = of_danger(Danger::Unknown);
            Text::new(
                format!("loading runs code that is not known here: {what} in {en}"),
                format!("le chargement exécute du code inconnu ici : {quoi} dans {fr}"),
            )
        }
        Gravity::Partly => {
            let why = of.iter().find_map(|f| match &f.format {
                Some(Format::Pickled(imports)) => imports.unread.first(),
                _ => None,
            });
            let why = why.map(String::as_str).unwrap_or_default();
            Text::new(
                format!("loading may run code, and not all of {en} was read: {why}"),
                format!("le chargement peut exécuter du code, et {fr} n'a pas été lu en entier : {}", in_french(why)),
            )
        }
        Gravity::Harmless => Text::new(
            format!("a pickle can run code when loaded; the imports of {en} only make tensors and containers"),
            format!(
                "un pickle peut exécuter du code au chargement ; les imports de {fr} ne font que des tenseurs et des conteneurs"
            ),
        ),
        Gravity::Unread | Gravity::None => {
            Text::new(format!("loading may run code: {en}"), format!("le chargement peut exécuter du code : {fr}"))
        }
    }
}

fn fetched(e: &Evidence) -> Answer {
    let pointers: Vec<_> = e.files.iter().filter(|f| f.format == Some(Format::Pointer)).collect();
    let dangling: Vec<_> = e.gaps.iter().filter(|g| g.kind == GapKind::Dangling).collect();
    let missing = pointers.len() + dangling.len();
    let of = e.files.iter().filter(|f| f.bytes.is_some()).count() + dangling.len();
    if missing > 0 {
        let (en, fr) = names(pointers.iter().map(|f| f.path.as_str()).chain(dangling.iter().map(|g| g.what.as_str())));
        return Answer::not_met(Text::new(format!("not fetched: {en}"), format!("non récupérés : {fr}")))
            .counting(of - missing, of)
            .at(places(pointers).into_iter().chain(dangling.iter().map(|g| Place::file(&g.what))));
    }
    if of == 0 {
        return Answer::unknown(Text::new("there is no file", "il n'y a aucun fichier"));
    }
    Answer::met(Text::new(
        counted(of, "the one file is here and no pointer", "all # files are here, none is a pointer"),
        counted(
            of,
            "le seul fichier est là et n'est pas un pointeur",
            "les # fichiers sont là, aucun n'est un pointeur",
        ),
    ))
    .counting(of, of)
}
