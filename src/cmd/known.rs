//! The flags of digests known from before, and what is told where they are not used.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use ouvert::source::known::{Flaw, Known, Use};
use ouvert::words::Lang;
use ouvert::words::progress::Progress as Word;
use ouvert::words::usage::Usage;

use super::usage::Mistake;
use super::world;

/// How long a digest is trusted where nothing else is said.
const MONTH: &str = "30d";

#[derive(Args, Clone, Copy)]
pub(super) struct Cache {
    /// Do not read a file again that did not change since it was last hashed, as its file system tells (device, inode, bytes,
    /// both times). What rots on the disk is not seen then
    #[arg(long)]
    trust_cache: bool,
    /// With --trust-cache, read a file again all the same once its digest is older than this: 12h, 7d, 4w
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = MONTH, requires = "trust_cache")]
    cache_max_age: Duration,
}

impl Cache {
    /// Every file is read.
    pub(super) fn unused() -> Cache {
        Cache { trust_cache: false, cache_max_age: Duration::ZERO }
    }

    /// Opens what is known of the release at `root`; where it is not used, `warnings` tell why.
    pub(super) fn open(self, root: &Path, lang: Lang, warnings: &mut Vec<String>) -> Option<Known> {
        let Some(folder) = world::store() else {
            if self.trust_cache {
                warnings.push(Word::NoCacheFolder.say(lang).to_owned());
            }
            return None;
        };
        let used = if self.trust_cache { Use::Trust(self.cache_max_age) } else { Use::Compare };
        let (known, flaw) = Known::open(&folder.join("digests"), root, used, moment());
        if let Some(flaw) = flaw {
            let word = match flaw {
                Flaw::Broken => Word::CacheBroken,
                Flaw::Foreign => Word::CacheForeign,
                Flaw::System => Word::CacheSystem,
            };
            warnings.push(word.say(lang).to_owned());
        }
        known
    }
}

/// Keeps what is known now; where that could not be done, `warnings` tell why.
pub(super) fn save(known: Known, lang: Lang, warnings: &mut Vec<String>) {
    if let Err(error) = known.save() {
        warnings.push(Word::CacheUnwritten.with(lang, &[("why", &error.kind())]));
    }
}

/// Nanoseconds since 1970, by the clock that also dates files. `SOURCE_DATE_EPOCH` dates reports, not files.
fn moment() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    i64::try_from(since).unwrap_or(i64::MAX)
}

/// Parses a duration: a whole number and its unit.
fn duration(text: &str) -> Result<Duration, Mistake> {
    let unit = |c: char| match c {
        's' => Some(1),
        'm' => Some(60),
        'h' => Some(3600),
        'd' => Some(86_400),
        'w' => Some(604_800),
        _ => None,
    };
    let seconds = || {
        let last = text.chars().next_back()?;
        let number: u64 = text.strip_suffix(last)?.parse().ok()?;
        number.checked_mul(unit(last)?)
    };
    seconds().map(Duration::from_secs).ok_or_else(|| Mistake(Usage::Duration.text(&[])))
}
