//! The hub: what it says of a repository, its listings, its files, and how it refuses.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::files::{File, card, commit, git, json, strings, trees};
use super::http::{Reply, Request, encode};
use super::{Settings, State};

/// When all commits were made.
const DATE: &str = "2026-01-01T00:00:00.000Z";

/// Who asks.
#[derive(Clone, Copy, PartialEq)]
enum Caller {
    Anonymous,
    /// A token that no gate lets through.
    Plain,
    Granted,
}

struct Repo {
    kind: String,
    id: String,
    base: PathBuf,
    meta: Value,
    caller: Caller,
}

/// A revision of a repository.
struct Snapshot {
    files: Vec<File>,
    commit: String,
}

fn error(status: u16, code: Option<&str>, text: &str) -> Reply {
    let reply = Reply::json(status, &json!({ "error": text })).header("X-Error-Message", text);
    if let Some(code) = code { reply.header("X-Error-Code", code) } else { reply }
}

fn no_page() -> Reply {
    Reply::json(404, &json!({ "error": "Sorry, we can't find the page you are looking for." }))
}

/// Answers a request to the hub.
pub(super) fn answer(state: &State, root: &Path, request: &Request, path: &[&str], settings: &Settings) -> Reply {
    if !["GET", "HEAD"].contains(&request.method.as_str()) {
        return Reply::json(405, &json!({ "error": "Method Not Allowed" }));
    }
    let result = match path {
        ["api", "resolve-cache", kind @ ("models" | "datasets"), org, name, rev, file @ ..] => {
            Repo::open(root, request, kind, org, name)
                .and_then(|repo| repo.cached(state, request, rev, &file.join("/")))
        }
        ["api", kind @ ("models" | "datasets")] => Ok(found(root, request, kind, settings)),
        ["api", kind @ ("models" | "datasets"), org, name, rest @ ..] => {
            Repo::open(root, request, kind, org, name).and_then(|repo| repo.api(state, request, rest, settings))
        }
        ["datasets", org, name, how @ ("resolve" | "raw"), rev, file @ ..] => {
            let repo = Repo::open(root, request, "datasets", org, name);
            repo.and_then(|repo| repo.file(state, request, how, rev, &file.join("/"), settings))
        }
        [org, name, how @ ("resolve" | "raw"), rev, file @ ..] => {
            let repo = Repo::open(root, request, "models", org, name);
            repo.and_then(|repo| repo.file(state, request, how, rev, &file.join("/"), settings))
        }
        _ => Err(no_page()),
    };
    result.unwrap_or_else(|refusal| refusal)
}

/// A page of the repositories whose owner is `author` and whose name holds `search`, in order of their names.
fn found(root: &Path, request: &Request, kind: &str, settings: &Settings) -> Reply {
    let asked = |name: &str| request.value(name).unwrap_or_default();
    let (author, search) = (asked("author"), asked("search"));
    let folders = |path: &Path| -> Vec<String> {
        let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        let mut out: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        out.sort();
        out
    };
    let base = root.join(kind);
    let all = folders(&base).into_iter().filter(|owner| author.is_empty() || *owner == author);
    let ids = all.flat_map(|owner| folders(&base.join(&owner)).into_iter().map(move |name| format!("{owner}/{name}")));
    let ids: Vec<String> = ids.filter(|id| id.contains(&search)).collect();
    let size = asked("limit").parse().unwrap_or(1000).min(settings.page);
    let start: usize = asked("cursor").parse().unwrap_or(0);
    let page: Vec<Value> = ids.iter().skip(start).take(size).map(|id| json!({ "id": id })).collect();
    let reply = Reply::json(200, &json!(page));
    if start + size >= ids.len() {
        return reply;
    }
    let more =
        format!("</api/{kind}?author={author}&search={search}&limit={size}&cursor={}>; rel=\"next\"", start + size);
    reply.header("Link", &more)
}

/// The bytes behind a redirect: their entity tag has the form of a SHA-256 and is none of theirs.
pub(super) fn cdn(state: &State, root: &Path, request: &Request, object: &str) -> Reply {
    for kind in ["models", "datasets"] {
        for file in state.hashes.listing(&root.join(kind), true) {
            if file.pointer.is_some() && file.sha256 == object {
                let tag = git("cdn", object.as_bytes()) + &git("tag", object.as_bytes())[..24];
                return Reply::content(request, "application/octet-stream", file.bytes(), &tag);
            }
        }
    }
    Reply::new(404).body("application/xml", "<Error><Code>NoSuchKey</Code></Error>")
}

impl Repo {
    /// Finds a repository, or says no as the hub does: callers without a token are not told what is private or missing.
    fn open(root: &Path, request: &Request, kind: &str, org: &str, name: &str) -> Result<Repo, Reply> {
        let caller = match request.header("authorization") {
            None => Caller::Anonymous,
            Some("Bearer hf_good") => Caller::Granted,
            Some("Bearer hf_plain") => Caller::Plain,
            Some(_) => return Err(error(401, None, "Invalid credentials in Authorization header")),
        };
        let missing = || match caller {
            Caller::Anonymous => error(401, None, "Invalid username or password."),
            _ => error(404, Some("RepoNotFound"), "Repository not found"),
        };
        let id = format!("{org}/{name}");
        let moved = |to: &str| Reply::to(307, &request.target.replacen(&format!("/{id}"), &format!("/{to}"), 1));
        let found = spelled(&root.join(kind), org).ok_or_else(missing)?;
        let found = format!("{found}/{}", spelled(&root.join(kind).join(&found), name).ok_or_else(missing)?);
        let base = root.join(kind).join(&found);
        let meta = json(&base.join("meta.json"));
        if meta["private"] == true && caller != Caller::Granted {
            return Err(missing());
        }
        if let Some(to) = meta["renamed"].as_str() {
            return Err(moved(to));
        }
        if found != id {
            return Err(moved(&found));
        }
        if meta["disabled"] == true {
            return Err(error(403, None, "Access to this resource is disabled."));
        }
        Ok(Repo { kind: kind.to_owned(), id, base, meta, caller })
    }

    /// Folders of revisions.
    fn revisions(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.base).into_iter().flatten().filter_map(Result::ok);
        let mut out: Vec<String> =
            entries.filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        out.sort();
        out
    }

    fn names(&self, key: &str) -> Vec<&str> {
        strings(&self.meta[key])
    }

    fn listed(&self, state: &State, folder: &str) -> Snapshot {
        let files = state.hashes.listing(&self.base.join(folder), true);
        let commit = if is_commit(folder) { folder.to_owned() } else { commit(&files) };
        Snapshot { files, commit }
    }

    /// What a branch, a tag or a commit stands for. Branches and tags without a folder are where `main` is.
    fn snapshot(&self, state: &State, rev: &str) -> Result<Snapshot, Reply> {
        let folders = self.revisions();
        let last = folders.last().map_or("main", String::as_str);
        let main = if folders.iter().any(|folder| folder == "main") { "main" } else { last };
        if folders.iter().any(|folder| folder == rev) {
            return Ok(self.listed(state, rev));
        }
        if rev == "main" || self.names("branches").contains(&rev) || self.names("tags").contains(&rev) {
            return Ok(self.listed(state, main));
        }
        let mut all = folders.iter().map(|folder| self.listed(state, folder));
        let found = all.find(|snapshot| snapshot.commit == rev);
        found.ok_or_else(|| error(404, Some("RevisionNotFound"), &format!("Invalid rev id: {rev}")))
    }

    fn api(&self, state: &State, request: &Request, rest: &[&str], settings: &Settings) -> Result<Reply, Reply> {
        match rest {
            [] => self.info(state, request, "main"),
            ["revision", rev] => self.info(state, request, rev),
            ["tree", rev, folder @ ..] => self.tree(state, request, rev, &folder.join("/"), settings),
            ["refs"] => self.refs(state),
            ["commits", rev] => {
                let id = self.snapshot(state, rev)?.commit;
                let authors = json!([{ "user": self.id.split('/').next(), "avatar": "/avatars/1.svg" }]);
                let one = json!({ "id": id, "title": "Upload", "message": "", "authors": authors, "date": DATE });
                Ok(Reply::json(200, &json!([one])))
            }
            ["croissant"] if self.kind == "datasets" && self.meta["croissant"].is_object() => {
                Ok(Reply::json(200, &self.meta["croissant"]))
            }
            _ => Err(no_page()),
        }
    }

    fn info(&self, state: &State, request: &Request, rev: &str) -> Result<Reply, Reply> {
        let Snapshot { files, commit } = self.snapshot(state, rev)?;
        let author = self.id.split('/').next();
        let readme =
            files.iter().find(|f| f.path == "README.md").map(|f| String::from_utf8_lossy(&f.bytes()).into_owned());
        let given = self.meta.get("cardData").cloned();
        let card = given.or_else(|| card(&readme?)).unwrap_or_default();
        let gated = self.meta.get("gated").cloned().unwrap_or(json!(false));
        let blobs = request.flag("blobs");
        let siblings: Vec<Value> = files.iter().map(|file| sibling(file, blobs)).collect();
        let mut info = Map::new();
        let mut put = |key: &str, value: Value| info.insert(key.to_owned(), value);
        put("_id", git("id", self.id.as_bytes())[..24].into());
        put("id", self.id.as_str().into());
        if self.kind == "models" {
            put("modelId", self.id.as_str().into());
        }
        put("author", author.into());
        put("sha", commit.into());
        put("lastModified", DATE.into());
        put("private", (self.meta["private"] == true).into());
        put("gated", gated);
        put("disabled", false.into());
        put("downloads", 0.into());
        put("likes", 0.into());
        for key in ["library_name", "pipeline_tag"] {
            if let Some(value) = card.get(key) {
                put(key, value.clone());
            }
        }
        put("tags", tags(&card).into());
        if card.is_object() {
            put("cardData", card);
        }
        for key in ["config", "safetensors"] {
            if let Some(value) = self.meta.get(key) {
                put(key, value.clone());
            }
        }
        put("siblings", siblings.into());
        put("createdAt", DATE.into());
        put("usedStorage", files.iter().map(|f| f.size).sum::<u64>().into());
        let chosen = request.values("expand");
        if !chosen.is_empty() {
            info.retain(|key, _| ["_id", "id"].contains(&key.as_str()) || chosen.contains(key));
        }
        Ok(Reply::json(200, &info.into()))
    }

    fn refs(&self, state: &State) -> Result<Reply, Reply> {
        let mut branches = vec!["main".to_owned()];
        branches.extend(self.revisions().into_iter().filter(|folder| folder != "main" && !is_commit(folder)));
        branches.extend(self.names("branches").into_iter().map(str::to_owned));
        branches.dedup();
        let one = |name: &str, kind: &str| -> Result<Value, Reply> {
            let at = self.snapshot(state, name)?.commit;
            Ok(json!({ "name": name, "ref": format!("refs/{kind}/{name}"), "targetCommit": at }))
        };
        let branches = branches.iter().map(|name| one(name, "heads")).collect::<Result<Vec<_>, _>>()?;
        let tags = self.names("tags").into_iter().map(|name| one(name, "tags")).collect::<Result<Vec<_>, _>>()?;
        Ok(Reply::json(200, &json!({ "branches": branches, "tags": tags, "converts": [] })))
    }

    /// A page of a listing: the folders of each level before its files, and the levels one after the other.
    fn tree(&self, state: &State, request: &Request, rev: &str, at: &str, settings: &Settings) -> Result<Reply, Reply> {
        let Snapshot { files, commit } = self.snapshot(state, rev)?;
        let folders = trees(&files);
        if !folders.contains_key(at) {
            return Err(error(404, Some("EntryNotFound"), "Entry not found"));
        }
        let (expand, recursive) = (request.flag("expand"), request.flag("recursive"));
        let level = |path: &str| path.matches('/').count();
        let below = if at.is_empty() { String::new() } else { format!("{at}/") };
        let wanted = |path: &str| {
            path.strip_prefix(&below).is_some_and(|rest| !rest.is_empty() && (recursive || !rest.contains('/')))
        };
        let mut entries: Vec<(usize, u8, &str, Value)> = Vec::new();
        for (path, oid) in folders.iter().filter(|(path, _)| wanted(path)) {
            let entry = json!({ "type": "directory", "oid": oid, "size": 0, "path": path });
            entries.push((level(path), 0, path, entry));
        }
        for file in files.iter().filter(|file| wanted(&file.path)) {
            entries.push((level(&file.path), 1, &file.path, leaf(file)));
        }
        entries.sort_by_key(|(level, kind, path, _)| (*level, *kind, *path));
        let most = if expand { settings.page.div_ceil(20) } else { settings.page };
        let size = request.value("limit").and_then(|limit| limit.parse().ok()).unwrap_or(most).clamp(1, most.max(1));
        let from = match request.value("cursor") {
            None => Some(0),
            Some(cursor) => {
                cursor.strip_prefix("entry ").and_then(|c| c.strip_suffix("==")).and_then(|c| c.parse().ok())
            }
        };
        let Some(from) = from else { return Err(error(400, None, "Invalid cursor")) };
        let total = entries.len();
        let page = entries.into_iter().skip(from).take(size).map(|(.., entry)| entry);
        let page: Vec<Value> = page.map(|entry| if expand { expanded(entry, &commit) } else { entry }).collect();
        let reply = Reply::json(200, &page.into());
        if from + size >= total {
            return Ok(reply);
        }
        let kept = request.pairs().filter(|pair| !pair.starts_with("limit=") && !pair.starts_with("cursor="));
        let query: String = kept.map(|pair| format!("{pair}&")).collect();
        let (url, path, next) = (&state.url, request.path(), from + size);
        // As opaque as the hub's, and with signs that must stay encoded.
        let link = format!("<{url}{path}?{query}limit={size}&cursor=entry%20{next}%3D%3D>; rel=\"next\"");
        Ok(reply.header("Link", &link))
    }

    /// A file, at the commit that its revision stands for.
    fn find(&self, state: &State, rev: &str, path: &str) -> Result<(File, String), Reply> {
        let what = self.kind.trim_end_matches('s');
        let id = &self.id;
        let gated = self.meta["gated"].is_string() && !(path == "README.md" && self.meta["open_card"] == true);
        if gated && self.caller == Caller::Anonymous {
            let text = format!(
                "Access to {what} {id} is restricted. You must have access to it and be authenticated to access it. Please log in."
            );
            return Err(error(401, Some("GatedRepo"), &text));
        }
        if gated && self.caller == Caller::Plain {
            let page = if self.kind == "models" { id.clone() } else { format!("datasets/{id}") };
            let text = format!(
                "Access to {what} {id} is restricted and you are not in the authorized list. Visit https://huggingface.co/{page} to ask for access."
            );
            return Err(error(403, Some("GatedRepo"), &text));
        }
        let Snapshot { files, commit } = self.snapshot(state, rev)?;
        let found = files.into_iter().find(|file| file.path == path);
        let missing = || error(404, Some("EntryNotFound"), "Entry not found").header("X-Repo-Commit", &commit);
        Ok((found.ok_or_else(missing)?, commit))
    }

    fn file(
        &self,
        state: &State,
        request: &Request,
        how: &str,
        rev: &str,
        path: &str,
        settings: &Settings,
    ) -> Result<Reply, Reply> {
        let (file, commit) = self.find(state, rev, path)?;
        let text = "text/plain; charset=utf-8";
        if how == "raw" {
            let bytes = file.pointer.as_ref().map_or_else(|| file.bytes(), |pointer| pointer.clone().into_bytes());
            return Ok(Reply::content(request, text, bytes, &file.oid).header("X-Repo-Commit", &commit));
        }
        if file.pointer.is_some() {
            let (sha256, xet, url) = (&file.sha256, xet(&file), &state.url);
            let object = format!("{}/cdn/{sha256}?Expires=0&Signature=none", settings.cdn);
            let token = format!("{url}/api/{}/{}/xet-read-token/{commit}", self.kind, self.id);
            let link =
                format!("<{token}>; rel=\"xet-auth\", <{url}/reconstructions/{xet}>; rel=\"xet-reconstruction-info\"");
            let reply = Reply::to(302, &object)
                .header("X-Repo-Commit", &commit)
                .header("X-Linked-Size", &file.size.to_string());
            let reply = reply.header("X-Linked-Etag", &format!("\"{sha256}\"")).header("X-Xet-Hash", &xet);
            return Ok(reply.header("Link", &link));
        }
        if !settings.redirects {
            return Ok(Reply::content(request, text, file.bytes(), &file.oid).header("X-Repo-Commit", &commit));
        }
        let (path, tag) = (encode(path), format!("\"{}\"", file.oid));
        let location = format!("/api/resolve-cache/{}/{}/{commit}/{path}?etag=%22{}%22", self.kind, self.id, file.oid);
        let reply = Reply::to(307, &location).header("X-Repo-Commit", &commit);
        Ok(reply.header("X-Linked-Etag", &tag).header("ETag", &tag))
    }

    /// The second hop of a small file.
    fn cached(&self, state: &State, request: &Request, rev: &str, path: &str) -> Result<Reply, Reply> {
        let (file, commit) = self.find(state, rev, path)?;
        let reply = Reply::content(request, "text/plain; charset=utf-8", file.bytes(), &file.oid);
        Ok(reply.header("X-Repo-Commit", &commit))
    }
}

/// A name as a folder spells it: the hub does not tell letter cases apart.
pub(super) fn spelled(folder: &Path, name: &str) -> Option<String> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    let exact = names.iter().find(|n| *n == name);
    exact.or_else(|| names.iter().find(|n| n.eq_ignore_ascii_case(name))).cloned()
}

fn is_commit(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The keyed hash of another storage: 64 digits that no SHA-256 of the file can be compared with.
fn xet(file: &File) -> String {
    git("xet", file.sha256.as_bytes()) + &git("hash", file.sha256.as_bytes())[..24]
}

fn sibling(file: &File, blobs: bool) -> Value {
    let mut out = json!({ "rfilename": file.path });
    if blobs {
        out["blobId"] = file.oid.as_str().into();
        out["size"] = file.size.into();
    }
    if let Some(pointer) = file.pointer.as_ref().filter(|_| blobs) {
        out["lfs"] = json!({ "sha256": file.sha256, "size": file.size, "pointerSize": pointer.len() });
    }
    out
}

fn leaf(file: &File) -> Value {
    let mut out = json!({ "type": "file", "oid": file.oid, "size": file.size });
    if let Some(pointer) = &file.pointer {
        out["lfs"] = json!({ "oid": file.sha256, "size": file.size, "pointerSize": pointer.len() });
        out["xetHash"] = xet(file).into();
    }
    out["path"] = file.path.as_str().into();
    out
}

fn expanded(mut entry: Value, commit: &str) -> Value {
    entry["lastCommit"] = json!({ "id": commit, "title": "Upload", "date": DATE });
    if entry["type"] == "file" {
        let scan = json!({ "status": "safe", "virusNames": [] });
        entry["securityFileStatus"] = json!({ "status": "safe", "avScan": scan, "pickleImportScan": null });
    }
    entry
}

/// The tags that the hub makes of a card.
fn tags(card: &Value) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for key in ["library_name", "pipeline_tag", "tags", "language"] {
        out.extend(strings(&card[key]).into_iter().map(str::to_owned));
    }
    out.extend(strings(&card["datasets"]).into_iter().map(|id| format!("dataset:{id}")));
    let relation = card["base_model_relation"].as_str().unwrap_or("finetune");
    for id in strings(&card["base_model"]) {
        out.extend([format!("base_model:{id}"), format!("base_model:{relation}:{id}")]);
    }
    out.extend(strings(&card["license"]).into_iter().map(|id| format!("license:{id}")));
    out.push("region:us".to_owned());
    out
}
