//! The commit and the remote of a git checkout, read from `.git` as git lays it out; no object is opened.

use std::io::Read;

use crate::evidence::excerpt_of;
use crate::parse::hub::is_commit;
use crate::source::Source;

/// Bytes read of a ref or of `packed-refs`.
const LONGEST: u64 = 4 * 1024 * 1024;

/// A file below `.git`, as text; the source opens nothing outside the release.
fn text(source: &dyn Source, path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    source.open(&format!(".git/{path}")).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

/// The commit that `HEAD` names, where the release is a checkout.
pub(super) fn commit(source: &dyn Source) -> Option<String> {
    let head = text(source, "HEAD")?;
    let Some(name) = head.trim().strip_prefix("ref: ") else {
        return is_commit(head.trim()).then(|| head.trim().to_owned());
    };
    let loose = text(source, name).map(|t| t.trim().to_owned()).filter(|t| is_commit(t));
    loose.or_else(|| {
        let packed = text(source, "packed-refs")?;
        let row = packed.lines().find_map(|l| l.split_once(' ').filter(|(_, n)| *n == name))?;
        is_commit(row.0).then(|| row.0.to_owned())
    })
}

/// The URL of the remote `origin`, else of the first remote, without user, password or token.
pub(super) fn remote(source: &dyn Source) -> Option<String> {
    let config = text(source, "config")?;
    let mut section = "";
    let mut urls: Vec<(&str, &str)> = Vec::new();
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if let Some((key, value)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case("url")
            && section.starts_with("[remote ")
        {
            urls.push((section, value.trim().trim_matches('"')));
        }
    }
    let origin = urls.iter().find(|(section, _)| *section == "[remote \"origin\"]");
    let (_, url) = origin.or(urls.first())?;
    Some(excerpt_of(&without_credentials(url))).filter(|url| !url.is_empty())
}

/// A URL without what stands before the `@` of its host; `git@host:path` keeps its user, who is no secret, and a query,
/// which may hold one, goes.
fn without_credentials(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    let host = host.rsplit('@').next().unwrap_or(host);
    path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::local::Dir;

    #[test]
    fn a_remote_without_secrets() {
        for (url, wanted) in [
            ("https://user:secret@host.example/a/b.git", "https://host.example/a/b.git"),
            ("https://p@ss@host.example/a", "https://host.example/a"),
            ("https://host.example/a?token=x", "https://host.example/a"),
            ("git@host.example:a/b.git", "git@host.example:a/b.git"),
            ("file:///srv/a", "file:///srv/a"),
        ] {
            assert_eq!(without_credentials(url), wanted);
        }
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(".git")).unwrap();
        let config = "[core]\n\turl = no\n[remote \"fork\"]\n\turl = https://f.example/x\n[remote \"origin\"]\n\turl = https://t@h.example/a\n";
        std::fs::write(dir.path().join(".git/config"), config).unwrap();
        std::fs::write(dir.path().join("README.md"), "x").unwrap();
        assert_eq!(remote(&Dir::open(dir.path()).unwrap()).as_deref(), Some("https://h.example/a"));
    }
}
