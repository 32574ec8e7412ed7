//! Repositories of code hosts, looked at and not cloned: GitHub and GitLab by their REST APIs, any other git host by the
//! references it advertises over smart HTTP. It lists files and judges none.

use serde_json::Value;
use url::Url;

use super::{World, below, json};
use crate::error::{Fault, FaultKind};
use crate::evidence::{ArtifactKind, Repository};
use crate::lists::artifacts;
use crate::net::{Answer, Ask};

/// Bytes of an answer about a repository, and of a listing of its files.
const LONGEST: usize = 2 * 1024 * 1024;
const LONGEST_TREE: usize = 32 * 1024 * 1024;
/// Files of a listing that are looked at, and paths kept of a kind.
const MOST_FILES: usize = 100_000;
const MOST_PATHS: usize = 20;
/// Configurations kept: a repository may hold those of many models.
const MOST_SETTINGS: usize = 300;
/// Pages of a GitLab listing; a page holds a hundred files.
const MOST_PAGES: usize = 10;
/// Those of scripts that start programs.
const LAUNCH: &[&str] = &["sh", "slurm", "sbatch", "bash"];

/// A repository as a link names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The host, lower case.
    pub host: String,
    /// `OWNER/NAME`; on GitLab groups may lie in groups.
    pub path: String,
}

impl Link {
    /// Takes a URL of a code host apart; `None` for what names no repository.
    pub fn of(url: &str) -> Option<Link> {
        let url = Url::parse(url).ok().filter(|u| matches!(u.scheme(), "http" | "https"))?;
        let host = url.host_str()?.trim_start_matches("www.").to_lowercase();
        let mut parts: Vec<&str> = url.path_segments()?.filter(|p| !p.is_empty()).collect();
        // What stands behind `/-/` on GitLab, or behind the name elsewhere, is a page of the repository.
        let end = if host.contains("gitlab") { parts.iter().position(|p| *p == "-").unwrap_or(parts.len()) } else { 2 };
        parts.truncate(end);
        let path = parts.join("/");
        let path = path.trim_end_matches(".git").to_owned();
        (parts.len() >= 2 && !parts.contains(&"..")).then_some(Link { host, path })
    }

    /// `github.com/OWNER/NAME`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.host, self.path)
    }
}

/// Looks at a repository, and at the revision that pins it.
///
/// # Errors
/// A [`Fault`] when nothing could be learnt; a repository that is not there is an answer.
pub fn look(world: &World, url: &str, revision: Option<&str>) -> Result<Repository, Fault> {
    let link = Link::of(url).ok_or_else(|| Fault::new(FaultKind::Refused, url))?;
    let found = match link.host.as_str() {
        "github.com" => github(world, &link, revision),
        host if host.contains("gitlab") => gitlab(world, &link, revision),
        _ => git(world, url, &link, revision),
    };
    match found {
        Err(fault) if fault.kind == FaultKind::NotFound => {
            Ok(Repository { name: link.name(), absent: true, ..Repository::default() })
        }
        found => found,
    }
}

fn github(world: &World, link: &Link, revision: Option<&str>) -> Result<Repository, Fault> {
    let base = below(&world.github, ["repos"].into_iter().chain(link.path.split('/')));
    let accept = Some("application/vnd.github+json");
    let tree = |revision: &str| {
        let mut url = below(&base, ["git", "trees", revision]);
        url.set_query(Some("recursive=1"));
        world.net.ask(&Ask { accept, ..Ask::get(url, LONGEST_TREE) })
    };
    let wanted = revision.unwrap_or("HEAD");
    // The listing does not need the answer about the repository: both are asked at once.
    let (about, listing) = std::thread::scope(|scope| {
        let listing = scope.spawn(|| tree(wanted));
        let about = world.net.ask(&Ask { accept, ..Ask::get(base.clone(), LONGEST) });
        (about, listing.join().unwrap_or_else(|_| Err(Fault::new(FaultKind::Broken, ""))))
    });
    let about = json(&success(about?, &link.name())?)?;
    let text = |key: &str| about.get(key).and_then(Value::as_str);
    let named = text("full_name").ok_or_else(|| Fault::new(FaultKind::BadAnswer, base.as_str()))?;
    let license = about.get("license").and_then(|l| l.get("spdx_id")).and_then(Value::as_str);
    let mut out = Repository {
        name: format!("github.com/{named}"),
        archived: about.get("archived").and_then(Value::as_bool).unwrap_or(false),
        license: license.map(str::to_owned),
        ..Repository::default()
    };
    let mut listing = listing?;
    // 409 is an empty repository, 404 and 422 a revision that is not there.
    if revision.is_some() {
        out.revision_exists = match listing.status {
            200 => Some(true),
            404 | 422 => Some(false),
            _ => None,
        };
        if out.revision_exists == Some(false) {
            listing = tree("HEAD")?;
        }
    }
    match listing.status {
        200 => {
            let tree = json(&listing)?;
            // Another answer than a listing does not say that the repository is empty.
            let entries = tree.get("tree").and_then(Value::as_array);
            let entries = entries.ok_or_else(|| Fault::new(FaultKind::BadAnswer, &listing.url))?;
            let blobs = entries.iter().filter(|e| e.get("type").and_then(Value::as_str) == Some("blob"));
            let files = blobs.filter_map(|e| Some((e.get("path")?.as_str()?, e.get("size").and_then(Value::as_u64))));
            fill(&mut out, files);
            out.cut = tree.get("truncated").and_then(Value::as_bool).unwrap_or(false);
        }
        404 | 409 => out.listed = true,
        _ => {}
    }
    Ok(out)
}

fn gitlab(world: &World, link: &Link, revision: Option<&str>) -> Result<Repository, Fault> {
    // The settings name one instance; of another, only public projects are seen.
    let own = world.gitlab.host_str() == Some(link.host.as_str()) || link.host == "gitlab.com";
    let api = if own { Some(world.gitlab.clone()) } else { Url::parse(&format!("https://{}/api/v4", link.host)).ok() };
    let api = api.ok_or_else(|| Fault::new(FaultKind::Refused, &link.host))?;
    let base = below(&api, ["projects", link.path.as_str()]);
    let mut url = base.clone();
    url.set_query(Some("license=true"));
    let about = json(&success(world.net.ask(&Ask::get(url, LONGEST))?, &link.name())?)?;
    about.get("id").ok_or_else(|| Fault::new(FaultKind::BadAnswer, base.as_str()))?;
    let license = about.get("license").and_then(|l| l.get("key")).and_then(Value::as_str);
    let flag = |key: &str| about.get(key).and_then(Value::as_bool).unwrap_or(false);
    let mut out = Repository {
        name: link.name(),
        archived: flag("archived"),
        license: license.map(str::to_owned),
        ..Repository::default()
    };
    if flag("empty_repo") {
        out.listed = true;
        return Ok(out);
    }
    if let Some(revision) = revision {
        let status = world.net.ask(&Ask::get(below(&base, ["repository", "commits", revision]), LONGEST))?.status;
        out.revision_exists = match status {
            200 => Some(true),
            404 => Some(false),
            _ => None,
        };
    }
    let mut paths: Vec<String> = Vec::new();
    let mut page = "1".to_owned();
    for _ in 0..MOST_PAGES {
        let mut url = below(&base, ["repository", "tree"]);
        url.query_pairs_mut()
            .append_pair("recursive", "true")
            .append_pair("per_page", "100")
            .append_pair("page", &page);
        if let Some(revision) = revision.filter(|_| out.revision_exists == Some(true)) {
            url.query_pairs_mut().append_pair("ref", revision);
        }
        let answer = success(world.net.ask(&Ask::get(url, LONGEST))?, &link.name())?;
        let list = json(&answer)?;
        let entries = list.as_array().ok_or_else(|| Fault::new(FaultKind::BadAnswer, &answer.url))?;
        let blobs = entries.iter().filter(|e| e.get("type").and_then(Value::as_str) == Some("blob"));
        paths.extend(blobs.filter_map(|e| e.get("path")?.as_str().map(str::to_owned)));
        match answer.header("x-next-page").filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())) {
            Some(next) => page = next.to_owned(),
            None => {
                page.clear();
                break;
            }
        }
    }
    out.cut = !page.is_empty();
    fill(&mut out, paths.iter().map(|p| (p.as_str(), None)));
    Ok(out)
}

/// Any other host: whether it is there, and whether the revision is the tip of a branch or tag.
fn git(world: &World, url: &str, link: &Link, revision: Option<&str>) -> Result<Repository, Fault> {
    let mut refs = Url::parse(url).map_err(|_| Fault::new(FaultKind::Refused, url))?;
    refs.set_path(&format!("/{}/info/refs", link.path));
    refs.set_query(Some("service=git-upload-pack"));
    refs.set_fragment(None);
    let answer = success(world.net.ask(&Ask::get(refs, LONGEST_TREE))?, &link.name())?;
    let tips = advertised(&answer.body).ok_or_else(|| Fault::new(FaultKind::BadAnswer, &link.name()))?;
    let exists = revision.map(|wanted| {
        let names = [wanted.to_owned(), format!("refs/heads/{wanted}"), format!("refs/tags/{wanted}")];
        tips.iter().any(|(id, name)| id.starts_with(wanted) && wanted.len() >= 7 || names.contains(name))
    });
    Ok(Repository {
        name: link.name(),
        // A commit below a tip is not advertised: that it is not among them tells nothing.
        revision_exists: exists.filter(|found| *found),
        ..Repository::default()
    })
}

/// The references of a smart HTTP advertisement (gitprotocol-http), each with the commit it names.
pub fn advertised(body: &[u8]) -> Option<Vec<(String, String)>> {
    let mut rest = body;
    let mut out = Vec::new();
    let mut greeted = false;
    while let Some((head, tail)) = rest.split_at_checked(4) {
        let length = usize::from_str_radix(std::str::from_utf8(head).ok()?, 16).ok()?;
        if length < 4 {
            rest = tail;
            continue;
        }
        let (line, tail) = tail.split_at_checked(length - 4)?;
        rest = tail;
        let line = String::from_utf8_lossy(line);
        greeted |= line.starts_with("# service=git-upload-pack");
        let line = line.split('\0').next().unwrap_or_default().trim_end().to_owned();
        if let Some((id, name)) = line.split_once(' ').filter(|(id, _)| crate::parse::hub::is_commit(id)) {
            out.push((id.to_owned(), name.to_owned()));
        }
    }
    greeted.then_some(out)
}

/// The text of a file of a GitHub repository.
///
/// # Errors
/// A [`Fault`] when it is not to be had.
pub fn text(world: &World, repository: &str, path: &str, revision: Option<&str>) -> Result<String, Fault> {
    let path_of = repository.strip_prefix("github.com/").ok_or_else(|| Fault::new(FaultKind::NotFetched, path))?;
    let base = below(&world.github, ["repos"].into_iter().chain(path_of.split('/')));
    let mut url = below(&base, ["contents"].into_iter().chain(path.split('/')));
    if let Some(revision) = revision {
        url.query_pairs_mut().append_pair("ref", revision);
    }
    let ask = Ask { accept: Some("application/vnd.github.raw+json"), ..Ask::get(url, LONGEST) };
    let answer = success(world.net.ask(&ask)?, path)?;
    // Asked for the bytes themselves, a host that answers in JSON of its own tells something else.
    if answer.header("content-type").is_some_and(|t| t.starts_with("application/json")) {
        return Err(Fault::new(FaultKind::BadAnswer, &answer.url));
    }
    Ok(crate::parse::decode(&answer.body).0)
}

fn fill<'a>(out: &mut Repository, files: impl Iterator<Item = (&'a str, Option<u64>)>) {
    out.listed = true;
    for (path, bytes) in files.take(MOST_FILES) {
        if bytes == Some(0) {
            continue;
        }
        if artifacts::is_code(path) {
            let ending = path.rsplit('.').next().unwrap_or_default().to_lowercase();
            out.code_files += 1;
            out.programs += usize::from(!LAUNCH.contains(&ending.as_str()));
        }
        let kind = match artifacts::kind_of(path) {
            // What a repository of training code keeps under `configs` sets its trainings.
            ArtifactKind::Other | ArtifactKind::Config if is_configuration(path) => ArtifactKind::TrainingConfig,
            kind => kind,
        };
        if kind != ArtifactKind::Housekeeping {
            let (count, paths) = out.kinds.entry(kind).or_default();
            *count += 1;
            let most = if kind == ArtifactKind::TrainingConfig { MOST_SETTINGS } else { MOST_PATHS };
            if paths.len() < most {
                paths.push(crate::evidence::excerpt_of(path));
            }
        }
    }
}

fn is_configuration(path: &str) -> bool {
    let low = path.to_lowercase();
    let named = |p: &str| {
        p.contains("config")
            || p.contains("pretrain")
            || p.contains("finetun")
            || matches!(p, "conf" | "recipes" | "gin" | "sft" | "models")
    };
    let runs = ["inference", "eval", "deploy", "serve"].iter().any(|w| low.contains(w));
    let folder = low.split('/').rev().skip(1).any(named);
    folder && !runs && [".yaml", ".yml", ".json", ".toml", ".gin"].iter().any(|e| low.ends_with(e))
}

fn success(answer: Answer, what: &str) -> Result<Answer, Fault> {
    let kind = match answer.status {
        200 => return Ok(answer),
        401 => FaultKind::BadToken,
        403 => FaultKind::Forbidden,
        404 | 410 | 451 => FaultKind::NotFound,
        status => FaultKind::Status(status),
    };
    Err(Fault::new(kind, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_repositories() {
        let name = |url: &str| Link::of(url).map(|l| l.name());
        for (url, wanted) in [
            ("https://github.com/a/b", Some("github.com/a/b")),
            ("https://www.github.com/a/b.git", Some("github.com/a/b")),
            ("https://github.com/a/b/tree/v1/x?y#z", Some("github.com/a/b")),
            ("https://gitlab.inria.fr/g/h/p/-/tree/main", Some("gitlab.inria.fr/g/h/p")),
            ("https://codeberg.org/a/b/src/x", Some("codeberg.org/a/b")),
            ("https://github.com/a", None),
            ("file:///a/b", None),
            ("a/b", None),
        ] {
            assert_eq!(name(url).as_deref(), wanted, "{url}");
        }
    }

    #[test]
    fn references_of_a_git_host() {
        let id = "a".repeat(40);
        let line = |text: &str| format!("{:04x}{text}", text.len() + 4);
        let head = format!("{id} HEAD\0multi_ack\n");
        let body = [
            line("# service=git-upload-pack\n"),
            "0000".into(),
            line(&head),
            line(&format!("{id} refs/tags/v1\n")),
            "0000".into(),
        ]
        .concat();
        let found = advertised(body.as_bytes()).unwrap();
        assert_eq!(found.iter().map(|(_, n)| n.as_str()).collect::<Vec<_>>(), ["HEAD", "refs/tags/v1"]);
        for bad in ["", "<html>", "ffff", "0003", "zzzz"] {
            assert_eq!(advertised(bad.as_bytes()), None, "{bad}");
        }
    }
}
