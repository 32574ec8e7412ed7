//! The commit of a git checkout, read from `.git` as git lays it out; no object is opened.

use std::io::Read;

use crate::parse::hub::is_commit;
use crate::source::Source;

/// Bytes read of a ref or of `packed-refs`.
const LONGEST: u64 = 4 * 1024 * 1024;

/// The commit that `HEAD` names, where the release is a checkout.
pub(super) fn commit(source: &dyn Source) -> Option<String> {
    let read = |path: &str| {
        let mut text = Vec::new();
        source.open(path).ok()?.take(LONGEST).read_to_end(&mut text).ok()?;
        String::from_utf8(text).ok()
    };
    let head = read(".git/HEAD")?;
    let Some(name) = head.trim().strip_prefix("ref: ") else {
        return is_commit(head.trim()).then(|| head.trim().to_owned());
    };
    // A ref's name is a path below `.git`; the source opens nothing outside the release.
    let loose = read(&format!(".git/{name}")).map(|t| t.trim().to_owned()).filter(|t| is_commit(t));
    loose.or_else(|| {
        let packed = read(".git/packed-refs")?;
        let row = packed.lines().find_map(|l| l.split_once(' ').filter(|(_, n)| *n == name))?;
        is_commit(row.0).then(|| row.0.to_owned())
    })
}
