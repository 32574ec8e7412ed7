//! `ouvert` audits a release of an AI model: may anyone use it for anything, are the datasets it was trained on
//! published, can somebody else train it again? It answers with evidence, and says "unknown" where it could not look.
//!
//! The house has three wings on one ground, and the wings do not know each other:
//!
//! | wing | rooms | does |
//! |---|---|---|
//! | ground | [`words`], [`error`], [`digest`], [`evidence`], [`finding`], [`report`], [`diff`] | the vocabulary |
//! | left | [`net`], [`parse`], [`source`], [`collect`] | meets the world: a release becomes [`evidence::Evidence`] |
//! | middle | [`lists`], [`check`], [`profile`], [`score`] | judges: evidence becomes findings, purely |
//! | right | [`render`] | shows: a [`report::Report`] becomes bytes |
//! | join | [`config`], [`audit`] | evidence, profile and policy become a report |
//!
//! Where to look for what: a framework is data, one `rules/*.toml` read by [`profile`] and asked by [`audit`]; the components
//! that frameworks list are named in [`lists::components`], and [`check::component`] tells which are there and under which
//! license. A record of another catalogue is read by [`parse`], becomes evidence in [`collect::record`], and is told as declared
//! in [`evidence`]; [`check::record`] asks about its flaws, and [`render::mot`] writes one.
//!
//! ```no_run
//! use ouvert::{audit, collect, profile, source};
//!
//! let source = source::local::Dir::open("tests/releases/tiny-open".as_ref())?;
//! let evidence = collect::collect(&source, &collect::Options::default())?;
//! let profile = profile::built_in("three-criteria")?;
//! let report = audit::audit(&evidence, &profile, "2026-01-31T12:00:00Z");
//! println!("{}", report.level);
//! # Ok::<(), ouvert::error::Error>(())
//! ```

pub mod audit;
pub mod check;
pub mod collect;
pub mod config;
pub mod diff;
pub mod digest;
pub mod error;
pub mod evidence;
pub mod finding;
pub mod lists;
pub mod net;
pub mod parse;
pub mod profile;
pub mod render;
pub mod report;
pub mod score;
pub mod source;
pub mod words;
