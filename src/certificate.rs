//! Certificates: what an audit found, as an in-toto statement about the very files that it read, sealed in a DSSE envelope; and
//! the way back: an envelope opened with a key, and its statement held against files. It knows no path of a disk and no clock.
//!
//! Nothing is read of a statement before its signature held: what nobody vouches for says nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::evidence::{DigestBy, Evidence, FileFact, Told, Topic};
use crate::finding::Verdict;
use crate::report::{ProfileRef, Report, Tool};
use crate::signature::{Envelope, IN_TOTO, PrivateKey, PublicKey};
use crate::words::Text;
use crate::words::certificates::Certificates as Word;

/// Type of the predicate.
pub const PREDICATE: &str = "urn:ouvert:certificate:v1";
/// Type of the statement (in-toto Attestation Framework, Statement v1).
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// Bytes of a certificate that are read: half a million files with long paths.
pub const LONGEST: u64 = 128 * 1024 * 1024;
/// What the hub's client lays beside the files it downloads, and signatures that come later, are no files of the release.
const BESIDE: [&str; 2] = [".cache/huggingface/", "model.sig"];

/// A statement about files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Type of the statement.
    #[serde(rename = "_type")]
    pub kind: String,
    /// Every file that was read, by path.
    pub subject: Vec<Subject>,
    /// Type of the predicate, [`PREDICATE`].
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// What is said of the files.
    pub predicate: Predicate,
}

/// A file and its digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Path in the release, with forward slashes.
    pub name: String,
    /// Hexadecimal digests by kind; `sha256` is among them.
    pub digest: BTreeMap<String, String>,
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Predicate {
    /// Who audited.
    pub tool: Tool,
    /// By which rules.
    pub profile: Rules,
    /// Name of the release.
    pub name: String,
    /// Its version, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its commit, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Id of the level that was asked for.
    pub required: String,
    /// Id of the level reached.
    pub level: String,
    /// The overall score, 0 to 100; absent for a profile that gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The criteria, in the profile's order.
    pub criteria: Vec<Criterion>,
    /// `sha256:…` of the evidence judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_digest: Option<String>,
    /// When it was audited, RFC 3339 in UTC.
    pub audited_at: String,
}

/// A profile by its id, version and digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Its id.
    pub id: String,
    /// Its semantic version.
    pub version: String,
    /// `sha256:…` of it.
    pub digest: String,
}

/// A criterion and its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// What it came to.
    pub verdict: Verdict,
    /// Rules that are met, that are not, and that could not be told.
    pub met: u32,
    /// Likewise.
    pub not_met: u32,
    /// Likewise.
    pub unknown: u32,
}

/// A certificate held against files and a profile: three answers, which are never one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// What the certificate says; absent where its signature does not hold.
    pub certificate: Option<Predicate>,
    /// Whether it is signed by the key given.
    pub signature: Told,
    /// Whether the files are those certified, no more and no fewer.
    pub files: Told,
    /// Whether the profile at hand is the one that it names.
    pub profile: Told,
    /// What changed since, by path.
    pub changes: Vec<Change>,
}

/// A file that is not as it was certified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Its path.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// The SHA-256 certified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified: Option<String>,
    /// The SHA-256 found, or the new path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// What happened to a file since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It has other bytes.
    Changed,
    /// It is not there.
    Missing,
    /// It lies under another name, which `found` tells.
    Renamed,
    /// It is new.
    New,
    /// It is there and could not be read.
    Unread,
}

impl From<&ProfileRef> for Rules {
    fn from(profile: &ProfileRef) -> Rules {
        Rules { id: profile.id.clone(), version: profile.version.clone(), digest: profile.digest.clone() }
    }
}

impl Statement {
    /// States what a report says of the files that its evidence was read from. `required` is the level that was asked for, and
    /// `own` the path of the certificate, where it will lie in the release.
    ///
    /// # Errors
    /// When a file was not read: a certificate covers every file or is none.
    pub fn of(report: &Report, evidence: &Evidence, required: &str, own: Option<&str>) -> Result<Statement, Text> {
        let not_read = |path: &str| Word::NotRead.text(&[("path", &crate::evidence::excerpt_of(path))]);
        if let Some(path) = unseen(evidence).next() {
            return Err(not_read(path));
        }
        let mut subject = Vec::new();
        for file in covered(evidence, own) {
            let Some(digest) = read_now(file).filter(|_| file.bytes.is_some()) else {
                return Err(not_read(&file.path));
            };
            let digest = BTreeMap::from([("sha256".to_owned(), digest.hex().to_owned())]);
            subject.push(Subject { name: file.path.clone(), digest });
        }
        if subject.is_empty() {
            return Err(Word::NoFiles.text(&[]));
        }
        let criterion = |c: &crate::report::Criterion| Criterion {
            id: c.id.clone(),
            verdict: c.verdict,
            met: c.met,
            not_met: c.not_met,
            unknown: c.unknown,
        };
        let of = &report.subject;
        let predicate = Predicate {
            tool: report.tool.clone(),
            profile: Rules::from(&report.profile),
            name: of.name.clone(),
            version: of.version.clone(),
            revision: of.revision.clone(),
            required: required.to_owned(),
            level: report.level.clone(),
            score: (!report.profile.scoreless).then_some(report.score),
            criteria: report.criteria.iter().map(criterion).collect(),
            evidence_digest: report.evidence_digest.clone(),
            audited_at: report.audited_at.clone(),
        };
        Ok(Statement { kind: STATEMENT.into(), subject, predicate_type: PREDICATE.into(), predicate })
    }

    /// Seals the statement: a DSSE envelope in JSON, on one line.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn seal(&self, key: &PrivateKey) -> Result<String, Text> {
        let payload = serde_json::to_vec(self).map_err(|e| Word::Unwritable.text(&[("why", &e)]))?;
        Ok(Envelope::sign(IN_TOTO, payload, key)?.to_json() + "\n")
    }

    /// Reads the statement of an envelope whose signature held.
    fn read(envelope: &Envelope) -> Result<Statement, Text> {
        if envelope.payload_type != IN_TOTO {
            return Err(Word::OtherPayload.text(&[("type", &crate::evidence::excerpt_of(&envelope.payload_type))]));
        }
        // First what kind it is: another predicate has other fields.
        #[derive(Deserialize)]
        struct Head {
            #[serde(rename = "_type")]
            kind: String,
            #[serde(rename = "predicateType")]
            predicate_type: String,
        }
        let wrong = |e: serde_json::Error| Word::NoStatement.text(&[("why", &e)]);
        let head: Head = serde_json::from_slice(&envelope.payload).map_err(wrong)?;
        if head.kind != STATEMENT || head.predicate_type != PREDICATE {
            return Err(Word::OtherKind.text(&[("type", &crate::evidence::excerpt_of(&head.predicate_type))]));
        }
        serde_json::from_slice(&envelope.payload).map_err(wrong)
    }

    /// The certified digests by path.
    ///
    /// # Errors
    /// When a file is named twice or has no SHA-256.
    fn digests(&self) -> Result<BTreeMap<String, Digest>, Text> {
        let mut out = BTreeMap::new();
        for subject in &self.subject {
            let odd = || Word::OddSubject.text(&[("path", &crate::evidence::excerpt_of(&subject.name))]);
            let digest = subject.digest.get("sha256").and_then(|d| d.parse::<Digest>().ok()).ok_or_else(odd)?;
            if out.insert(subject.name.clone(), digest).is_some() {
                return Err(odd());
            }
        }
        Ok(out)
    }
}

/// Files that a certificate is about: those that are there and those that somebody lists.
fn covered<'a>(evidence: &'a Evidence, own: Option<&'a str>) -> impl Iterator<Item = &'a FileFact> {
    let [client, signature] = BESIDE;
    let of =
        move |f: &&FileFact| !f.path.starts_with(client) && f.path != signature && own.is_none_or(|own| own != f.path);
    evidence.files.iter().filter(of)
}

/// What is there and could not be seen, so that nobody can tell what it holds: a link that leads out, a file that cannot be opened.
fn unseen(evidence: &Evidence) -> impl Iterator<Item = &str> {
    evidence.gaps.iter().filter(|g| g.topic == Topic::Integrity).map(|g| g.what.as_str())
}

/// The digest of the bytes that were read in this run; one kept from before or recorded by a store certifies nothing.
fn read_now(file: &FileFact) -> Option<&Digest> {
    let now = !matches!(file.digest_by, Some(DigestBy::Cached | DigestBy::Recorded));
    file.sha256.as_ref().filter(|_| now)
}

/// A statement whose signature held, with the digests that it certifies.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What is said, and of what.
    pub statement: Statement,
    /// The certified digests by path.
    digests: BTreeMap<String, Digest>,
}

/// Opens a certificate with a key; `Err` holds why the signature, or what it covers, is not to be believed.
///
/// # Errors
/// When the signature is not by this key, or what is signed is no certificate.
pub fn open(envelope: &Envelope, key: &PublicKey) -> Result<Opened, Told> {
    envelope.verify(key).map_err(|_| Told::fails(Word::NotByKey.text(&[("key", &key.fingerprint())])))?;
    let statement = Statement::read(envelope).map_err(Told::fails)?;
    let digests = statement.digests().map_err(Told::fails)?;
    Ok(Opened { statement, digests })
}

impl Checked {
    /// Of a certificate that is not to be believed.
    pub fn refused(signature: Told) -> Checked {
        let not = || Told::unknown(Word::NotLooked.text(&[]));
        Checked { certificate: None, signature, files: not(), profile: not(), changes: vec![] }
    }

    /// Holds a certificate against the files that were read and the profile at hand, which is `None` where there is none of its id.
    pub fn of(
        opened: &Opened,
        key: &PublicKey,
        evidence: &Evidence,
        own: Option<&str>,
        profile: Option<&Rules>,
    ) -> Checked {
        let said = &opened.statement.predicate;
        let by = [("kind", &key.algorithm().name() as &dyn std::fmt::Display), ("key", &key.fingerprint())];
        let changes = changes(&opened.digests, evidence, own);
        Checked {
            certificate: Some(said.clone()),
            signature: Told::holds(Word::ByKey.text(&by)),
            files: files(opened.digests.len(), &changes),
            profile: rules(&said.profile, profile),
            changes,
        }
    }

    /// Whether all three hold.
    pub fn is_valid(&self) -> bool {
        use crate::evidence::Verdict::Holds;
        self.certificate.is_some() && [&self.signature, &self.files, &self.profile].iter().all(|t| t.verdict == Holds)
    }
}

fn changes(certified: &BTreeMap<String, Digest>, evidence: &Evidence, own: Option<&str>) -> Vec<Change> {
    let mut out = Vec::new();
    let mut here: BTreeSet<&str> = BTreeSet::new();
    let mut new: BTreeMap<&Digest, &str> = BTreeMap::new();
    for file in covered(evidence, own).filter(|f| f.bytes.is_some()) {
        here.insert(&file.path);
        let was = certified.get(file.path.as_str());
        let digest = read_now(file);
        let kind = match (digest, was) {
            (Some(now), Some(was)) if now == was => continue,
            (None, _) => ChangeKind::Unread,
            (Some(_), Some(_)) => ChangeKind::Changed,
            (Some(now), None) => {
                new.entry(now).or_insert(&file.path);
                ChangeKind::New
            }
        };
        let hex = |d: &Digest| d.hex().to_owned();
        out.push(Change { path: file.path.clone(), kind, certified: was.map(hex), found: digest.map(hex) });
    }
    for path in unseen(evidence).filter(|path| here.insert(path)) {
        let certified = certified.get(path).map(|d| d.hex().to_owned());
        out.push(Change { path: path.to_owned(), kind: ChangeKind::Unread, certified, found: None });
    }
    let mut moved: BTreeSet<String> = BTreeSet::new();
    for (path, was) in certified.iter().filter(|(path, _)| !here.contains(path.as_str())) {
        let to = new.remove(was).map(str::to_owned);
        moved.extend(to.clone());
        let kind = if to.is_some() { ChangeKind::Renamed } else { ChangeKind::Missing };
        out.push(Change { path: path.clone(), kind, certified: Some(was.hex().to_owned()), found: to });
    }
    out.retain(|c| c.kind != ChangeKind::New || !moved.contains(&c.path));
    out.sort();
    out
}

fn files(certified: usize, changes: &[Change]) -> Told {
    if certified == 0 {
        return Told::fails(Word::NoFiles.text(&[]));
    }
    let count = |kind: ChangeKind| changes.iter().filter(|c| c.kind == kind).count();
    let unread = count(ChangeKind::Unread);
    if changes.is_empty() {
        return Told::holds(Word::FilesHold.text(&[("n", &certified)]));
    }
    if unread == changes.len() {
        return Told::unknown(Word::FilesUnread.text(&[("n", &unread)]));
    }
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("changed", &count(ChangeKind::Changed)),
        ("missing", &count(ChangeKind::Missing)),
        ("renamed", &count(ChangeKind::Renamed)),
        ("new", &count(ChangeKind::New)),
        ("of", &certified),
    ];
    Told::fails(Word::FilesDiffer.text(&values))
}

fn rules(named: &Rules, known: Option<&Rules>) -> Told {
    let id = crate::evidence::excerpt_of(&named.id);
    let version = crate::evidence::excerpt_of(&named.version);
    match known {
        None => Told::unknown(Word::NoProfile.text(&[("id", &id), ("version", &version)])),
        Some(known) if known == named => Told::holds(Word::SameProfile.text(&[("id", &id), ("version", &version)])),
        Some(known) => {
            let digest = crate::evidence::excerpt_of(&named.digest);
            let values: [(&str, &dyn std::fmt::Display); 6] = [
                ("id", &id),
                ("version", &version),
                ("digest", &digest),
                ("known", &known.id),
                ("its", &known.version),
                ("other", &known.digest),
            ];
            Told::fails(Word::OtherProfile.text(&values))
        }
    }
}
