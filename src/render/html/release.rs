//! What the release is made of: its files with their digests, and the datasets that it names.

use super::{Link, Tone, link, plain, theirs};
use crate::evidence::{Access, FileStatus, Stage};
use crate::finding::Lang;
use crate::render::{access_word, dataset_address, digest_note, first_of, imports, size, status_word};
use crate::report::{Report, ReportDataset, ReportFile};
use crate::words::page::Page as Word;
use crate::words::screen::Screen;

/// Files shown.
pub(super) const FILES: usize = 200;
/// Datasets shown.
pub(super) const DATASETS: usize = 100;
/// Imports of a pickle named, of each kind.
const IMPORTS: usize = 12;
/// Lists named that publish a file's digest.
const LISTS: usize = 4;

/// A file on a line.
pub(super) struct FileRow {
    pub(super) path: String,
    pub(super) size: String,
    pub(super) tone: Tone,
    pub(super) status: &'static str,
    /// The digest computed, else the one published of it, else that there is none.
    pub(super) digest: String,
    pub(super) published: Option<String>,
    /// How its digest was had, unless its bytes were read now and are not in doubt.
    pub(super) by: Option<String>,
    /// What it imports when loaded, a line each kind.
    pub(super) imports: Vec<String>,
}

/// The files, those that fall short first.
pub(super) fn files(report: &Report, lang: Lang) -> Vec<FileRow> {
    let rank = |f: &&ReportFile| match f.status {
        FileStatus::Corrupted => 0,
        FileStatus::Mismatched => 1,
        FileStatus::Missing => 2,
        FileStatus::Unlisted => 3,
        FileStatus::Unpublished => 4,
        FileStatus::Declared => 5,
        FileStatus::Verified => 6,
    };
    let mut all: Vec<&ReportFile> = report.files.iter().collect();
    all.sort_by_key(rank);
    let row = |f: &&ReportFile| FileRow {
        path: theirs(&f.path),
        size: f.bytes.map_or_else(|| "–".to_owned(), |b| size(b, lang).replace(' ', "\u{a0}")),
        tone: match f.status {
            FileStatus::Corrupted | FileStatus::Mismatched | FileStatus::Missing => Tone::Fail,
            FileStatus::Verified => Tone::Pass,
            FileStatus::Unlisted | FileStatus::Unpublished | FileStatus::Declared => Tone::Plain,
        },
        status: status_word(f.status, false, lang),
        digest: match (&f.sha256, &f.published) {
            (Some(found), _) => theirs(found.hex()),
            (None, Some(said)) => Word::NotHashedPublished.with(lang, &[("digest", &theirs(said.hex()))]),
            (None, None) => plain(Word::NotHashed.say(lang), lang),
        },
        published: (!f.expected_by.is_empty()).then(|| {
            let list = first_of(&f.expected_by, LISTS, lang, theirs);
            Word::PublishedIn.with(lang, &[("list", &list)])
        }),
        by: digest_note(f, lang).map(|note| plain(&note, lang)),
        imports: imports(f, lang, IMPORTS, theirs),
    };
    all.iter().take(FILES).map(row).collect()
}

/// A dataset on a line.
pub(super) struct DatasetRow {
    pub(super) id: Link,
    pub(super) stage: Option<&'static str>,
    pub(super) revision: Option<String>,
    pub(super) license: String,
    pub(super) licensed: bool,
    pub(super) access: String,
    pub(super) tone: Tone,
}

/// The datasets as the release names them; of too many, those that not everybody can fetch first.
pub(super) fn datasets(report: &Report, lang: Lang) -> Vec<DatasetRow> {
    let mut all: Vec<&ReportDataset> = report.datasets.iter().collect();
    if all.len() > DATASETS {
        all.sort_by_key(|d| matches!(d.access, Access::Public | Access::Included));
    }
    let row = |d: &&ReportDataset| DatasetRow {
        id: Link { text: theirs(&d.id), href: dataset_address(d).and_then(|a| link(&a).href) },
        stage: d.stage.map(|s| stage(s).say(lang)),
        revision: d.revision.as_deref().map(theirs),
        license: d.license.as_deref().map_or_else(|| plain(Screen::LicenseUnknown.say(lang), lang), theirs),
        licensed: d.license.is_some(),
        access: plain(access_word(d.access, lang), lang),
        tone: match d.access {
            Access::Public | Access::Included => Tone::Pass,
            Access::Unresolved | Access::Reached | Access::Hidden => Tone::Unknown,
            Access::Absent | Access::Empty | Access::Disabled | Access::Private => Tone::Fail,
            Access::Gated | Access::OnRequest | Access::Withheld => Tone::Fail,
        },
    };
    all.iter().take(DATASETS).map(row).collect()
}

fn stage(stage: Stage) -> Word {
    match stage {
        Stage::Pretraining => Word::StagePretraining,
        Stage::FineTuning => Word::StageFineTuning,
        Stage::Preference => Word::StagePreference,
        Stage::Evaluation => Word::StageEvaluation,
    }
}
