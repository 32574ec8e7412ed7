//! `ouvert` audits a release of an AI model: may anyone use it for anything, are the datasets it was trained on
//! published, can somebody else train it again? It answers with evidence, and says "unknown" where it could not look.
//!
//! # The map
//!
//! Three wings on one ground, in the order in which an audit walks through them. The wings do not know each other: the left one
//! meets the world, the middle one judges, the right one shows. Within the ground each room knows those before it.
//!
//! | wing | room | holds |
//! |---|---|---|
//! | ground | [`words`] | the two languages, and the catalogue of what screens say in them |
//! | | [`error`] | why an audit could not be done, and what to do next |
//! | | [`digest`] | SHA-256 and the other digests of a stream, in one read |
//! | | [`signature`] | keys, envelopes, certificate chains: who signed some bytes |
//! | | [`evidence`] | everything that was found in a release, with the gaps admitted |
//! | | [`finding`] | what a rule found: outcome, reason, places |
//! | | [`report`] | the public result, and all that a renderer may see |
//! | | [`certificate`] | a report sealed with a key, and the seal held against files |
//! | | [`diff`] | two reports held against each other |
//! | | [`survey`] | many releases: the row of one, the part that one process takes, what fits parts together again |
//! | left | [`net`] | HTTP, bounded and polite; no other room speaks it |
//! | | [`parse`] | readers of file formats: cards, weights, manifests, records |
//! | | [`source`] | places where a release lives: a folder, the hub's cache, the hub, object stores, code hosts |
//! | | [`collect`] | a release becomes [`Evidence`](evidence::Evidence), one room a topic |
//! | middle | [`lists`] | the tables of `rules/`: licenses, phrases, file patterns, components |
//! | | [`check`] | questions about the evidence, one room a topic |
//! | | [`profile`] | a framework: criteria, rules and levels, read from one `rules/*.toml` |
//! | | [`score`] | findings become verdicts, points, a level, and what mending each gains |
//! | join | [`config`] | the policy: what must be reached, and what is waived |
//! | | [`audit`] | evidence, profile and policy become a [`Report`](report::Report) |
//! | | [`ledger`] | what a run over many releases writes down as it goes, to go on after it was killed |
//! | | [`merge`] | the shards of such a run as one table, each row once, in the order of their names |
//! | right | [`render`] | a report becomes bytes, one file a format: a table, pages, lists of forges, bills of materials |
//!
//! The binary stands on top: `cmd` has one file a subcommand, and it alone prints, reads the environment or asks for the time.
//!
//! # Where a change goes
//!
//! A rule or its wording is an entry of `rules/`; a framework is a file there. A check is a variant in `check`, with a field of
//! the evidence and its filler in `collect` where it needs a new fact. A format is a file of `render` and an arm of the list of
//! formats in `cmd`; what it says to people stands in `words`. A record of another catalogue is read in `parse`, becomes evidence in
//! [`collect::record`] and is told as declared; [`check::record`] asks about its flaws, and [`render::mot`] writes one.
//!
//! # An audit
//!
//! ```
//! use ouvert::finding::Lang;
//! use ouvert::render::{Color, Detail, Options, markdown};
//! use ouvert::{audit, collect, profile, source};
//!
//! // From here on the world is met: files are listed, read and hashed. Without a `world` no reference is looked up.
//! let release = source::local::Dir::open("tests/releases/tiny-open".as_ref())?;
//! let evidence = collect::collect(&release, &collect::Options::default())?;
//!
//! // From here on nothing is: the same evidence gives the same report.
//! let profile = profile::built_in("three-criteria")?;
//! let report = audit::audit(&evidence, &profile, "2026-01-31T12:00:00Z");
//! assert_eq!(report.level, "open-source");
//! assert!(report.to_mend().iter().all(|finding| !finding.remedy.is_empty()));
//!
//! let options = Options { lang: Lang::En, width: 80, detail: Detail::Normal, color: Color::Never };
//! let page = markdown::render(&report, options);
//! assert!(page.starts_with("## tiny-open 1.0.0: Open source"));
//! # Ok::<(), ouvert::error::Error>(())
//! ```

pub mod audit;
pub mod certificate;
pub mod check;
pub mod collect;
pub mod config;
pub mod diff;
pub mod digest;
pub mod error;
pub mod evidence;
pub mod finding;
pub mod ledger;
pub mod lists;
pub mod merge;
pub mod net;
pub mod parse;
pub mod profile;
pub mod render;
pub mod report;
pub mod score;
pub mod signature;
pub mod source;
pub mod survey;
pub mod words;
