//! Replies written down beforehand, one for each request that an `index.json` lists.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::files::json;
use super::http::{Reply, Request};
use super::{Quota, State, hub_limit, hub_quota};

pub(super) struct Recording {
    folder: PathBuf,
    entries: Vec<Value>,
}

impl Recording {
    pub(super) fn read(folder: &Path) -> Recording {
        let index = json(&folder.join("index.json"));
        let entries = index.as_array().unwrap_or_else(|| panic!("{}: no list", folder.display())).clone();
        Recording { folder: folder.to_owned(), entries }
    }

    /// The reply to a request. Of several for one path, that with 401 is for callers without a token, and that with 429
    /// for those over the limit.
    pub(super) fn reply(&self, state: &State, request: &Request, quota: Quota) -> Reply {
        let wanted = key(&request.target);
        // A recording knows the branch only; a client goes on with the commit that it was told.
        let by_branch: Vec<&str> = wanted.0.split('/').map(|p| if commit(p) { "main" } else { p }).collect();
        let by_branch = (by_branch.join("/"), wanted.1.clone());
        let fits = |entry: &&Value| {
            let path = key(entry["path"].as_str().unwrap_or_default());
            let body = entry.get("request_body");
            let same = body.is_none_or(|body| serde_json::from_slice::<Value>(&request.body).is_ok_and(|b| b == *body));
            // What was recorded of a file's head tells its whole answer, and the other way round.
            let method = |m: &str| if m == "HEAD" { "GET".to_owned() } else { m.to_owned() };
            let same = same && entry["method"].as_str().map(method) == Some(method(&request.method));
            (path == wanted || path == by_branch) && same && (entry["status"] == 429) == quota.exceeded
        };
        let mut found: Vec<&Value> = self.entries.iter().filter(fits).collect();
        found.sort_by_key(|entry| entry["method"] != request.method.as_str());
        let for_caller = |entry: &&&Value| (entry["status"] == 401) == request.header("authorization").is_none();
        match found.iter().find(for_caller).or(found.first()) {
            Some(entry) => self.play(state, entry, quota),
            None if quota.exceeded => hub_limit(quota, false).headers(&hub_quota(quota)),
            None => Reply::json(501, &json!({ "error": format!("nothing was recorded for {}", request.target) })),
        }
    }

    fn play(&self, state: &State, entry: &Value, quota: Quota) -> Reply {
        let status = entry["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(500);
        let mut reply = Reply::new(status);
        for (name, value) in entry["headers"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap_or_default().replace("https://huggingface.co", &state.url);
            if name != "content-length" && !(quota.exceeded && name.starts_with("ratelimit")) {
                reply = reply.header(name, &value);
            }
        }
        if quota.exceeded {
            reply = reply.headers(&hub_quota(quota));
        }
        if let Some(file) = entry["body_file"].as_str() {
            let path = self.folder.join(file);
            reply.body = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        }
        reply
    }
}

/// A path and its query, whose order and defaults say nothing.
fn key(target: &str) -> (String, Vec<String>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut pairs: Vec<String> =
        query.split('&').filter(|pair| !["", "expand=false"].contains(pair)).map(str::to_owned).collect();
    pairs.sort();
    (path.to_owned(), pairs)
}

fn commit(part: &str) -> bool {
    part.len() == 40 && part.bytes().all(|b| b.is_ascii_hexdigit())
}
