//! Code hosts: the API of GitHub, the API of GitLab, and the list of refs that any git server gives.

use std::path::Path;

use serde_json::{Value, json};

use super::files::{File, commit, git, json, strings, trees};
use super::http::{Reply, Request};
use super::hub::spelled;
use super::{Quota, State};

/// A repository and the one commit it has.
struct Code {
    id: String,
    meta: Value,
    files: Vec<File>,
    commit: String,
}

impl Code {
    /// Finds a repository; letter case makes no difference.
    fn open(state: &State, root: &Path, id: &str) -> Option<Code> {
        let mut base = root.join("code");
        let mut names = Vec::new();
        for name in id.split('/') {
            names.push(spelled(&base, name)?);
            base.push(names.last()?);
        }
        if names.len() < 2 || !base.is_dir() {
            return None;
        }
        let meta = json(&base.join("meta.json"));
        let mut files = state.hashes.listing(&base, false);
        files.retain(|file| file.path != "meta.json" && meta["empty"] != true);
        let commit = meta["commit"].as_str().map_or_else(|| commit(&files), str::to_owned);
        Some(Code { id: names.join("/"), meta, files, commit })
    }

    fn empty(&self) -> bool {
        self.meta["empty"] == true
    }

    /// Whether a revision is there: `HEAD`, a branch, a tag, or the commit, which seven digits are enough for.
    fn knows(&self, rev: &str) -> bool {
        let named = [strings(&self.meta["branches"]), strings(&self.meta["tags"])].concat();
        ["main", "HEAD"].contains(&rev) || named.contains(&rev) || rev.len() >= 7 && self.commit.starts_with(rev)
    }

    /// What the host takes the license for: SPDX id and name.
    fn license(&self) -> Option<(&str, &str)> {
        match self.meta["license"].as_str() {
            Some(id) => Some((id, spdx::license_id(id).map_or(id, |license| license.full_name))),
            None => (self.meta["other"] == true).then_some(("NOASSERTION", "Other")),
        }
    }

    /// Key of the license in the lists of hosts.
    fn key(id: &str) -> String {
        if id == "NOASSERTION" { "other".to_owned() } else { id.to_lowercase() }
    }

    /// Folders and files in the order of git, each with its id and, for files, its size.
    fn entries(&self) -> Vec<(String, String, Option<u64>)> {
        let folders =
            trees(&self.files).into_iter().filter(|(path, _)| !path.is_empty()).map(|(p, oid)| (p, oid, None));
        let files = self.files.iter().map(|f| (f.path.clone(), f.oid.clone(), Some(f.size)));
        let mut out: Vec<_> = folders.chain(files).collect();
        out.sort();
        out
    }
}

/// Whether a token is one that the code hosts know.
fn token_is_bad(request: &Request) -> bool {
    let given = request.header("authorization").or(request.header("private-token"));
    given.is_some_and(|token| !["code_good", "Bearer code_good", "token code_good"].contains(&token))
}

fn message(status: u16, text: &str) -> Reply {
    let docs = "https://docs.github.com/rest";
    Reply::json(status, &json!({ "message": text, "documentation_url": docs, "status": status.to_string() }))
}

/// Answers below `/code-api`.
pub(super) fn github(state: &State, root: &Path, request: &Request, path: &[&str], quota: Quota) -> Reply {
    if quota.exceeded {
        // Either status is documented; which one comes should make no difference.
        let status = if request.header("authorization").is_some() { 429 } else { 403 };
        return message(status, "API rate limit exceeded for 127.0.0.1.");
    }
    if token_is_bad(request) {
        return message(401, "Bad credentials");
    }
    let ["repos", owner, name, rest @ ..] = path else { return message(404, "Not Found") };
    let Some(code) = Code::open(state, root, &format!("{owner}/{name}")) else { return message(404, "Not Found") };
    match rest {
        [] => {
            let license = code
                .license()
                .map(|(id, name)| json!({ "key": Code::key(id), "name": name, "spdx_id": id, "url": null }));
            let size: u64 = code.files.iter().map(|f| f.size).sum();
            let body = json!({
                "id": number(&code.id), "name": code.id.split('/').next_back(), "full_name": code.id, "private": false,
                "html_url": format!("https://github.com/{}", code.id), "fork": false, "size": size.div_ceil(1024),
                "archived": code.meta["archived"] == true, "disabled": false, "license": license,
                "visibility": "public", "default_branch": "main",
            });
            Reply::json(200, &body)
        }
        ["git", "trees", ..] | ["commits", ..] if code.empty() => message(409, "Git Repository is empty."),
        ["git", "trees", rev @ ..] => {
            if !code.knows(&rev.join("/")) {
                return message(404, "Not Found");
            }
            let recursive = request.value("recursive").is_some();
            let mut entries = code.entries();
            entries.retain(|(path, ..)| recursive || !path.contains('/'));
            let truncated = code.meta["truncated"] == true;
            if truncated {
                entries.truncate(entries.len() / 2);
            }
            let tree: Vec<Value> = entries
                .iter()
                .map(|(path, sha, size)| match size {
                    Some(size) => json!({ "path": path, "mode": "100644", "type": "blob", "sha": sha, "size": size }),
                    None => json!({ "path": path, "mode": "040000", "type": "tree", "sha": sha }),
                })
                .collect();
            Reply::json(200, &json!({ "sha": trees(&code.files)[""], "tree": tree, "truncated": truncated }))
        }
        ["contents", path @ ..] => {
            let known = request.value("ref").is_none_or(|rev| code.knows(&rev));
            let found = code.files.iter().find(|file| known && file.path == path.join("/"));
            let Some(file) = found else { return message(404, "Not Found") };
            // The bytes themselves, as a caller who accepts `application/vnd.github.raw+json` gets them.
            Reply::content(request, "application/vnd.github.raw+json; charset=utf-8", file.bytes(), &file.oid)
        }
        ["commits", rev @ ..] if !rev.is_empty() => {
            let rev = rev.join("/");
            if !code.knows(&rev) {
                return message(422, &format!("No commit found for SHA: {rev}"));
            }
            let who = json!({ "name": "A", "email": "a@example.org", "date": "2026-01-01T00:00:00Z" });
            let inner =
                json!({ "author": who, "committer": who, "message": "x", "tree": { "sha": trees(&code.files)[""] } });
            Reply::json(200, &json!({ "sha": code.commit, "commit": inner, "parents": [] }))
        }
        _ => message(404, "Not Found"),
    }
}

/// Answers below `/gitlab-api`.
pub(super) fn gitlab(state: &State, root: &Path, request: &Request, path: &[&str], quota: Quota) -> Reply {
    let say = |status, text: &str| Reply::json(status, &json!({ "message": text }));
    if quota.exceeded {
        return Reply::text(429, "Retry later\n").header("Retry-After", &quota.seconds.to_string());
    }
    if token_is_bad(request) {
        return say(401, "401 Unauthorized");
    }
    let ["projects", id, rest @ ..] = path else { return Reply::json(404, &json!({ "error": "404 Not Found" })) };
    let Some(code) = Code::open(state, root, id) else { return say(404, "404 Project Not Found") };
    match rest {
        [] => {
            let mut body = json!({
                "id": number(&code.id), "path_with_namespace": code.id,
                "web_url": format!("https://gitlab.com/{}", code.id), "visibility": "public",
                "default_branch": if code.empty() { Value::Null } else { "main".into() },
                "archived": code.meta["archived"] == true, "empty_repo": code.empty(),
            });
            if request.flag("license") {
                let license = code.license().map(|(id, name)| json!({ "key": Code::key(id), "name": name }));
                body["license"] = license.unwrap_or_default();
            }
            Reply::json(200, &body)
        }
        ["repository", "tree"] => {
            let rev = request.value("ref").unwrap_or("HEAD".to_owned());
            if code.empty() || !code.knows(&rev) {
                return say(404, "404 Tree Not Found");
            }
            let recursive = request.flag("recursive");
            let mut entries = code.entries();
            entries.retain(|(path, ..)| recursive || !path.contains('/'));
            let number = |key, or: usize| request.value(key).and_then(|n| n.parse().ok()).unwrap_or(or).max(1);
            let (size, page) = (number("per_page", 20).min(100), number("page", 1));
            let pages = entries.len().div_ceil(size);
            let shown = entries.iter().skip((page - 1) * size).take(size).map(|(path, id, size)| {
                let (kind, mode) = if size.is_some() { ("blob", "100644") } else { ("tree", "040000") };
                json!({ "id": id, "name": path.split('/').next_back(), "type": kind, "path": path, "mode": mode })
            });
            let reply = Reply::json(200, &shown.collect::<Vec<_>>().into());
            let next = if page < pages { (page + 1).to_string() } else { String::new() };
            let counts = [("X-Page", page), ("X-Per-Page", size), ("X-Total", entries.len()), ("X-Total-Pages", pages)];
            reply.headers(&counts.map(|(k, v)| (k, v.to_string()))).header("X-Next-Page", &next)
        }
        ["repository", "commits", rev] => {
            if code.empty() || !code.knows(rev) {
                return say(404, "404 Commit Not Found");
            }
            let when = "2026-01-01T00:00:00.000+00:00";
            let (id, short) = (&code.commit, &code.commit[..8]);
            Reply::json(
                200,
                &json!({ "id": id, "short_id": short, "title": "x", "created_at": when, "parent_ids": [] }),
            )
        }
        _ => Reply::json(404, &json!({ "error": "404 Not Found" })),
    }
}

/// A number that stays with a repository.
fn number(id: &str) -> u64 {
    u64::from_str_radix(&git("number", id.as_bytes())[..7], 16).unwrap_or(1)
}

/// The refs of a repository, as `git ls-remote` asks for them.
pub(super) fn refs(state: &State, root: &Path, request: &Request, owner: &str, name: &str) -> Reply {
    let id = format!("{owner}/{}", name.strip_suffix(".git").unwrap_or(name));
    // A host does not tell strangers what is private or missing.
    let Some(code) = Code::open(state, root, &id) else {
        return Reply::text(401, "Repository not found.").header("WWW-Authenticate", "Basic realm=\"GitHub\"");
    };
    if request.value("service").as_deref() != Some("git-upload-pack") {
        return Reply::text(403, "Please upgrade your git client.");
    }
    let commit = &code.commit;
    let mut refs = vec![format!("{commit} HEAD"), format!("{commit} refs/heads/main")];
    refs.extend(strings(&code.meta["branches"]).iter().map(|name| format!("{commit} refs/heads/{name}")));
    for tag in strings(&code.meta["tags"]) {
        if strings(&code.meta["annotated"]).contains(&tag) {
            refs.push(format!("{} refs/tags/{tag}", git("tag", tag.as_bytes())));
            refs.push(format!("{commit} refs/tags/{tag}^{{}}"));
        } else {
            refs.push(format!("{commit} refs/tags/{tag}"));
        }
    }
    if code.empty() {
        refs = vec![format!("{} capabilities^{{}}", "0".repeat(40))];
    }
    refs[0]
        .push_str("\0multi_ack side-band-64k ofs-delta symref=HEAD:refs/heads/main object-format=sha1 agent=git/stub");
    let lines: String = refs.iter().map(|line| packet(&format!("{line}\n"))).collect();
    let body = format!("{}0000{lines}0000", packet("# service=git-upload-pack\n"));
    Reply::new(200).body("application/x-git-upload-pack-advertisement", body).header("Cache-Control", "no-cache")
}

fn packet(text: &str) -> String {
    format!("{:04x}{text}", text.len() + 4)
}
