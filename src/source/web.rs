//! References to data that lie on no hub: DOIs, Zenodo records, Software Heritage ids and plain URLs. It learns whether
//! something is there and who may have it; it fetches no data.

use serde_json::Value;
use url::Url;

use super::{World, below, json};
use crate::error::{Fault, FaultKind};
use crate::evidence::Access;
use crate::net::{Ask, Method};

/// Bytes of a record.
const LONGEST: usize = 4 * 1024 * 1024;

/// What was learnt of a reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Whether anyone can fetch it.
    pub access: Access,
    /// The license that the record names.
    pub license: Option<String>,
    /// Whether the reference names one state of it, which never changes.
    pub pinned: bool,
}

impl Seen {
    fn of(access: Access) -> Seen {
        Seen { access, license: None, pinned: false }
    }
}

/// Looks a reference up.
///
/// # Errors
/// A [`Fault`] when nothing could be learnt; that it is not there is an answer.
pub fn look(world: &World, target: &str) -> Result<Seen, Fault> {
    let target = target.trim();
    let seen = if let Some(id) = zenodo_id(target) {
        zenodo(world, &id)
    } else if let Some(doi) = doi(target) {
        datacite(world, &doi)
    } else if target.starts_with("swh:1:") {
        heritage(world, target)
    } else {
        page(world, target)
    };
    match seen {
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(Seen::of(Access::Absent)),
        seen => seen,
    }
}

/// The DOI in `doi:10.…`, or in a URL of the resolver.
fn doi(target: &str) -> Option<String> {
    let starts = ["doi:", "https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/"];
    let doi = starts.iter().find_map(|s| target.strip_prefix(s))?;
    doi.starts_with("10.").then(|| doi.trim_end_matches('/').to_owned())
}

/// The record in a URL of Zenodo or in a DOI of Zenodo's.
fn zenodo_id(target: &str) -> Option<String> {
    let of_doi = || doi(target)?.strip_prefix("10.5281/zenodo.").map(str::to_owned);
    let starts = ["https://zenodo.org/records/", "https://zenodo.org/record/", "https://www.zenodo.org/records/"];
    let of_url = starts.iter().find_map(|s| target.strip_prefix(s)).map(|rest| rest.split(['/', '?', '#']).next());
    let id = of_url.flatten().map(str::to_owned).or_else(of_doi)?;
    (!id.is_empty() && id.len() < 20 && id.bytes().all(|b| b.is_ascii_digit())).then_some(id)
}

fn zenodo(world: &World, id: &str) -> Result<Seen, Fault> {
    let record = record(world, &below(&world.zenodo, ["records", id]))?;
    let text = |path: &str| record.pointer(path).and_then(Value::as_str);
    record.get("metadata").ok_or_else(|| Fault::new(FaultKind::BadAnswer, id))?;
    let files = record.get("files").and_then(Value::as_array).is_some_and(|f| !f.is_empty());
    let access = match text("/metadata/access_right") {
        Some("open") | None if files => Access::Public,
        Some("open") | None => Access::Empty,
        Some("embargoed" | "closed") => Access::Withheld,
        Some(_) => Access::OnRequest,
    };
    // An id of all versions leads to the newest: it pins none.
    let one =
        record.get("id").is_some_and(|v| v.as_str() == Some(id) || v.as_u64().is_some_and(|n| n.to_string() == id));
    Ok(Seen { access, license: text("/metadata/license/id").map(str::to_owned), pinned: one })
}

/// The record of a DOI at DataCite; one of another registry is asked at the resolver.
fn datacite(world: &World, doi: &str) -> Result<Seen, Fault> {
    match record(world, &below(&world.datacite, ["dois", doi])) {
        Ok(record) => {
            record.pointer("/data/attributes").ok_or_else(|| Fault::new(FaultKind::BadAnswer, doi))?;
            let rights = record.pointer("/data/attributes/rightsList/0");
            let license = rights.and_then(|r| r.get("rightsIdentifier").or_else(|| r.get("rightsUri")));
            Ok(Seen {
                access: Access::Reached,
                license: license.and_then(Value::as_str).map(str::to_owned),
                pinned: false,
            })
        }
        Err(fault) if fault.kind == FaultKind::NotFound => page(world, &format!("https://doi.org/{doi}")),
        Err(fault) => Err(fault),
    }
}

fn heritage(world: &World, id: &str) -> Result<Seen, Fault> {
    let core = id.split(';').next().unwrap_or(id);
    record(world, &below(&world.heritage, ["resolve", core]))?;
    Ok(Seen { pinned: true, ..Seen::of(Access::Public) })
}

/// A plain URL: a file that is there, or a page that may lead to one.
fn page(world: &World, target: &str) -> Result<Seen, Fault> {
    let url = Url::parse(target).map_err(|_| Fault::new(FaultKind::Refused, target))?;
    let head = Ask { method: Method::Head, ..Ask::get(url.clone(), LONGEST) };
    let mut answer = world.net.ask(&head)?;
    // Some hosts know no HEAD.
    if matches!(answer.status, 400 | 403 | 405 | 501) {
        answer = world.net.ask(&Ask { range: Some((0, 1)), ..Ask::get(url, LONGEST) })?;
    }
    let kind = answer.header("content-type").unwrap_or_default().to_lowercase();
    match answer.status {
        200 | 206 if kind.starts_with("text/html") || kind.is_empty() => Ok(Seen::of(Access::Reached)),
        200 | 206 => Ok(Seen::of(Access::Public)),
        404 | 410 => Ok(Seen::of(Access::Absent)),
        401 | 403 => Err(Fault::new(FaultKind::Forbidden, target)),
        status => Err(Fault::new(FaultKind::Status(status), target)),
    }
}

fn record(world: &World, url: &Url) -> Result<Value, Fault> {
    let answer = world.net.ask(&Ask { accept: Some("application/json"), ..Ask::get(url.clone(), LONGEST) })?;
    match answer.status {
        200 => json(&answer),
        404 | 410 => Err(Fault::new(FaultKind::NotFound, url.as_str())),
        401 | 403 => Err(Fault::new(FaultKind::Forbidden, url.as_str())),
        status => Err(Fault::new(FaultKind::Status(status), url.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (target, wanted) in [
            ("doi:10.5281/zenodo.123", Some("123")),
            ("https://doi.org/10.5281/zenodo.123", Some("123")),
            ("https://zenodo.org/records/456?preview=1", Some("456")),
            ("https://zenodo.org/record/456/files/x", Some("456")),
            ("https://zenodo.org/records/../x", None),
            ("doi:10.1234/abc", None),
        ] {
            assert_eq!(zenodo_id(target).as_deref(), wanted, "{target}");
        }
        assert_eq!(doi("https://doi.org/10.1/x/").as_deref(), Some("10.1/x"));
        assert_eq!(doi("doi:x"), None);
    }
}
