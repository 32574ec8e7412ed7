//! A release without files, for a record that stands alone: what the record says is all that is seen.

use std::collections::BTreeSet;
use std::io::{self, Read};

use super::{Release, Scope};
use crate::error::Error;
use crate::source::{Listing, Source};

/// The place where a release would be.
pub(crate) struct Lone {
    /// The record's path as given.
    subject: String,
}

impl Lone {
    pub(crate) fn new(subject: String) -> Lone {
        Lone { subject }
    }

    /// The release, with nothing in it.
    pub(crate) fn release(&self, scope: Scope) -> Release<'_> {
        Release {
            source: self,
            files: vec![],
            declared: vec![],
            card: None,
            boms: vec![],
            croissants: vec![],
            signed: vec![],
            links: BTreeSet::new(),
            unseen: BTreeSet::new(),
            gaps: vec![],
            revision: None,
            hub: None,
            scope,
            left: 0,
        }
    }
}

impl Source for Lone {
    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn list(&self) -> Result<Listing, Error> {
        Ok(Listing::default())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        Err(io::Error::new(io::ErrorKind::NotFound, path.to_owned()))
    }
}
