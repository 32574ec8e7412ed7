//! The profiles that an audit judges by: those asked for, those that stand beside the main one, those of catalogues.

use std::cell::OnceCell;

use ouvert::error::Error;
use ouvert::lists;
use ouvert::profile::{self, Profile};
use ouvert::words::errors::{Errors as Word, Unknown};

use super::load_profile;

/// The profiles of an audit.
pub(super) struct Profiles {
    /// The one whose report it is.
    pub(super) main: Profile,
    /// Others that were asked for.
    pub(super) asked: Vec<Profile>,
    /// Those whose verdict stands on a line beside the main one's.
    pub(super) beside: Vec<Profile>,
    /// Those by which catalogues judge their own records, read when the first record is.
    catalogues: OnceCell<Vec<Profile>>,
}

impl Profiles {
    pub(super) fn load(named: &[String]) -> Result<Profiles, Error> {
        let mut all = named.iter().map(|name| load_profile(name)).collect::<Result<Vec<_>, _>>()?;
        for (i, profile) in all.iter().enumerate() {
            if all.iter().take(i).any(|p| p.id == profile.id) {
                return Err(Error::Usage(Word::ProfileTwice.text(&[("id", &profile.id)])));
            }
        }
        let asked = all.split_off(1.min(all.len()));
        let main = all.pop().ok_or_else(|| Error::Usage(Word::NoProfile.text(&[])))?;
        let new = |id: &&String| !asked.iter().any(|p| p.id == **id);
        let beside = main.beside.iter().filter(new).map(|id| profile::built_in(id)).collect::<Result<_, _>>()?;
        Ok(Profiles { main, asked, beside, catalogues: OnceCell::new() })
    }

    /// The profiles by which catalogues judge their own records, of each the one of today: a record's verdict by them stands
    /// beside ours.
    pub(super) fn of_catalogues(&self) -> Result<&[Profile], Error> {
        if let Some(known) = self.catalogues.get() {
            return Ok(known);
        }
        let all: Vec<Profile> = profile::ids().map(profile::built_in).collect::<Result<_, _>>()?;
        let mut today: Vec<Profile> = Vec::new();
        for profile in all {
            if profile.records.is_some() && !today.iter().any(|p| p.records == profile.records) {
                today.push(profile);
            }
        }
        Ok(self.catalogues.get_or_init(|| today))
    }

    /// Those asked for, the main one first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Profile> {
        std::iter::once(&self.main).chain(&self.asked)
    }

    pub(super) fn known_level(&self, level: &str) -> Result<(), Error> {
        let ids = || self.all().flat_map(|p| p.levels.iter().map(|l| l.id.as_str()));
        if ids().any(|id| id == level) {
            return Ok(());
        }
        let near = lists::nearest(level, ids());
        Err(Error::UnknownId { what: Unknown::Level, id: level.into(), near })
    }
}
