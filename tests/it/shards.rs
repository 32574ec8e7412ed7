//! One huge release whose files several processes hash: together they tell what one tells, and what does not fit is refused.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ouvert::digest::Digest;
use serde_json::Value;

use crate::support::{HERE, Release, Run, program, run};

/// Hashes a release in so many parts, the last first, and returns the folder.
fn hash(release: &Release, n: u32, args: &[&str]) -> String {
    let folder = format!("parts-{n}");
    for k in (1..=n).rev() {
        let part = format!("{k}/{n}");
        let run =
            release.run(&[&["verify", "release", "--shard", part.as_str(), "--output", &folder][..], args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{part}: {}", run.stderr);
    }
    folder
}

/// Holds what all parts tell together against what one process tells.
fn agree(release: &Release, folder: &str, args: &[&str]) -> Run {
    let mut last = None;
    for shown in [&["--format", "json"][..], &["--verbose"], &["--lang", "fr"], &["--quiet"], &["--strict"]] {
        let args = [args, shown].concat();
        let whole = release.run(&[&["verify", "release"], args.as_slice()].concat());
        let joined = release.run(&[&["verify", "release", "--from", folder], args.as_slice()].concat());
        assert_eq!(joined.stdout, whole.stdout, "{args:?}: {}", joined.stderr);
        assert_eq!((joined.code, &joined.stderr), (whole.code, &whole.stderr), "{args:?}");
        last = Some(whole);
    }
    last.unwrap()
}

/// A release with every kind of list, a file that differs, one that is missing, empty ones, and names that ask for care.
fn motley() -> Release {
    let release = Release::tiny_open();
    for i in 0..40 {
        release.write(&format!("data/part-{i:02}.txt"), "x".repeat(i * i * 37));
    }
    release.write("data/a \"quoted\" é name.txt", "1");
    release.write("data/line\nend.txt", "2");
    (0..5).for_each(|i| release.write(&format!("data/empty-{i}"), ""));
    let md5 = "900150983cd24fb0d6963f7d28e17f72"; // RFC 1321: of "abc"
    let sha512 = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd\
                  454d4423643ce80e2a9ac94fa54ca49f"; // FIPS 180-4: of "abc"
    release.write("abc.bin", "abc");
    release.write("checklist.chk", format!("{md5}  abc.bin\n{md5}  data/part-03.txt\n{md5}  gone.bin\n"));
    release.write("SHA512SUMS", format!("{sha512}  abc.bin\n"));
    release
}

#[test]
fn together_they_tell_what_one_tells() {
    let motley = motley();
    for n in [1, 3, 70] {
        let folder = hash(&motley, n, &[]);
        let whole = agree(&motley, &folder, &[]);
        assert!(whole.code == 1 && whole.stdout.contains("gone.bin"), "{}", whole.stdout);
    }
    let good = Release::tiny_open();
    let folder = hash(&good, 3, &["--jobs", "1"]);
    assert_eq!(good.run(&["verify", "release", "--from", &folder]).code, 0);
    agree(&good, &folder, &["--public-key", &format!("{HERE}/tests/signed/p256.pub")]);
}

#[test]
fn every_file_is_in_one_part_and_none_has_much_more_than_another() {
    let release = motley();
    let folder = hash(&release, 4, &[]);
    let (mut paths, mut loads) = (BTreeSet::new(), Vec::new());
    for k in 1..=4 {
        let text = fs::read_to_string(release.outside().join(format!("{folder}/files-{k}-of-4.jsonl"))).unwrap();
        let mut load = 0;
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let path = line["path"].as_str().unwrap().to_owned();
            assert_eq!(line["sha256"], Digest::of(&release.bytes(&path)).hex(), "{path}");
            load += line["bytes"].as_u64().unwrap() + 65536;
            assert!(paths.insert(path));
        }
        loads.push(load);
    }
    assert_eq!(paths, release.files().into_iter().collect());
    assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() < 65536 + 60_000, "{loads:?}");
}

#[test]
fn pieces_of_a_signed_manifest_are_put_together_too() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("tests/signed/{name}");
    let folder = dir.path().join("parts");
    let folder = folder.to_str().unwrap();
    for name in ["shards.sig", "blake2b-shards.sig"] {
        let signature = at(name);
        let given = ["--signature", signature.as_str()];
        for k in ["1/2", "2/2"] {
            let part =
                run(&[&["verify", "tests/signed/release", "--shard", k, "--output", folder][..], &given].concat());
            assert_eq!(part.code, 0, "{}", part.stderr);
        }
        let key = at("p256.pub");
        let asked = [&given[..], &["--public-key", key.as_str(), "--format", "json"]].concat();
        let whole = run(&[&["verify", "tests/signed/release"], asked.as_slice()].concat());
        let joined = run(&[&["verify", "tests/signed/release", "--from", folder], asked.as_slice()].concat());
        assert_eq!((joined.stdout, joined.code), (whole.stdout, whole.code), "{name}: {}", joined.stderr);
        // Without the signature other digests are asked for.
        let bare = run(&["verify", "tests/signed/release", "--from", folder]);
        assert!(
            bare.code == 2 && bare.stderr.contains("was hashed when other digests were published"),
            "{}",
            bare.stderr
        );
        let other = run(&["verify", "tests/signed/release", "--shard", "1/2", "--output", folder]);
        assert!(other.code == 2 && other.stderr.contains("another settings"), "{}", other.stderr);
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn what_was_hashed_is_not_hashed_again() {
    let release = motley();
    let folder = hash(&release, 2, &[]);
    let at = |name: &str| release.outside().join(&folder).join(name);
    let whole = fs::read_to_string(at("files-1-of-2.jsonl")).unwrap();
    let lines = whole.lines().count();
    for cut in [whole.len() - 1, whole.len() / 2, 10, 0] {
        fs::write(at("files-1-of-2.jsonl"), &whole[..cut]).unwrap();
        let kept = whole[..cut].matches('\n').count();
        let cut_off = release.run(&["verify", "release", "--from", &folder]);
        assert!(cut_off.code == 2 && cut_off.stderr.contains("files-1-of-2.jsonl"), "{}", cut_off.stderr);
        let again = release.run(&["verify", "release", "--shard", "1/2", "--output", &folder]);
        let before = if kept > 0 { format!(", {kept} of them before") } else { String::new() };
        assert_eq!(again.stderr, format!("part 1/2: {lines} of {lines} files hashed{before}; {folder}\n"));
        agree(&release, &folder, &[]);
    }
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let release = motley();
    let folder = hash(&release, 3, &[]);
    let at = |name: &str| release.outside().join(&folder).join(name);
    let refused = |why: &str| {
        let run = release.run(&["verify", "release", "--from", &folder]);
        assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains(why), "{why}: {}", run.stderr);
    };
    let spoil = |name: &str, new: &str, why: &str| {
        let old = fs::read_to_string(at(name)).unwrap();
        fs::write(at(name), new).unwrap();
        refused(why);
        fs::write(at(name), old).unwrap();
    };
    let text = fs::read_to_string(at("files-2-of-3.jsonl")).unwrap();
    let digit = |c: char| if c == '0' { '1' } else { '0' };
    let place = text.find("\"sha256\":\"").unwrap() + 10;
    let flipped = format!("{}{}{}", &text[..place], digit(text[place..].chars().next().unwrap()), &text[place + 1..]);
    spoil("files-2-of-3.jsonl", &flipped, "not what the part ended with");
    spoil("files-2-of-3.jsonl", &text[..text.len() - 1], "it was cut or changed since");
    spoil("files-2-of-3.jsonl", &"\0".repeat(text.len()), "files-2-of-3.jsonl: not what");
    spoil("files-2-of-3.jsonl", &text.replacen("\"path\"", "\"Path\"", 1), "line 1: not a line that");
    spoil(
        "files-2-of-3.jsonl",
        &text.replacen("\"sha256\":\"", "\"sha256\":\"x", 1)[..text.len()],
        "line 1: not a line",
    );
    spoil("failed-2-of-3.jsonl", "{\"target\":\"x\",\"failure\":\"y\",\"kind\":\"unreadable\"}\n", "not what the part");
    spoil("done-2-of-3.json", "{}", "done-2-of-3.json");
    let other = fs::read_to_string(at("done-1-of-3.json")).unwrap();
    spoil("done-2-of-3.json", &other, "done-2-of-3.json: the mark of another");
    spoil("run.json", "{", "run.json");
    // A line of one part in another, with a mark that fits it.
    let first = fs::read_to_string(at("files-1-of-3.jsonl")).unwrap();
    let both = format!("{text}{}\n", first.lines().next().unwrap());
    let mut done: Value = serde_json::from_str(&fs::read_to_string(at("done-2-of-3.json")).unwrap()).unwrap();
    mark(&mut done, &both);
    let kept = fs::read_to_string(at("done-2-of-3.json")).unwrap();
    fs::write(at("done-2-of-3.json"), done.to_string()).unwrap();
    spoil("files-2-of-3.jsonl", &both, "stands in another line too");
    // And one that is in none.
    let fewer = text.split_once('\n').unwrap().1.to_owned();
    mark(&mut done, &fewer);
    fs::write(at("done-2-of-3.json"), done.to_string()).unwrap();
    spoil("files-2-of-3.jsonl", &fewer, "is in no part");
    fs::write(at("done-2-of-3.json"), kept).unwrap();
    agree(&release, &folder, &[]);
    fs::remove_file(at("done-1-of-3.json")).unwrap();
    fs::remove_file(at("done-3-of-3.json")).unwrap();
    refused("2 of 3 parts are still to be run to their end: 1, 3");
    let survey = release.run(&["survey", "release", "--output", "rows"]);
    assert_eq!(survey.code, 0, "{}", survey.stderr);
    for (folder, why) in
        [("rows", "rows holds a survey"), ("nowhere", "nowhere/run.json"), ("release", "release/run.json")]
    {
        let run = release.run(&["verify", "release", "--from", folder]);
        assert!(run.code == 2 && run.stderr.contains(why), "{}", run.stderr);
    }
}

/// Makes a mark fit a text.
fn mark(done: &mut Value, text: &str) {
    done["lines"] = text.lines().count().into();
    done["bytes"] = text.len().into();
    done["digest"] = Digest::of(text.as_bytes()).tagged().into();
}

#[test]
fn a_release_that_changed_since_is_refused() {
    let release = motley();
    let folder = hash(&release, 2, &[]);
    let times = |path: &str| fs::metadata(release.path().join(path)).unwrap().modified().unwrap();
    let set = |path: &str, time: SystemTime| {
        File::options().write(true).open(release.path().join(path)).unwrap().set_modified(time).unwrap()
    };
    let refused = |why: &str| {
        for args in [&["--from", folder.as_str()][..], &["--shard", "1/2", "--output", &folder]] {
            let run = release.run(&[&["verify", "release"], args].concat());
            let why = if args[0] == "--from" { why } else { "another list" };
            assert!(run.code == 2 && run.stderr.contains(why), "{why}: {}", run.stderr);
        }
    };
    let time = times("abc.bin");
    release.write("abc.bin", "abcd");
    set("abc.bin", time);
    refused("abc.bin changed since a part hashed it");
    release.write("abc.bin", "abc");
    set("abc.bin", time + Duration::from_nanos(1000));
    refused("abc.bin changed since a part hashed it");
    set("abc.bin", time);
    agree(&release, &folder, &[]);
    release.write("new.bin", "");
    refused("new.bin is in no part");
    release.remove("new.bin");
    let old = release.bytes("abc.bin");
    release.remove("abc.bin");
    refused("abc.bin was hashed and is no longer there");
    release.write("abc.bin", old);
    set("abc.bin", time);
    agree(&release, &folder, &[]);
    // A list that asks for other digests, its bytes and times as they were.
    let time = times("checklist.chk");
    let text = release.text("checklist.chk").replace("abc.bin", "abc.bim");
    release.write("checklist.chk", text);
    set("checklist.chk", time);
    let run = release.run(&["verify", "release", "--from", &folder]);
    assert!(run.code == 2 && run.stderr.contains("abc.bin was hashed when other digests"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_as_one_process_tells_it() {
    use std::os::unix::fs::PermissionsExt;
    let release = motley();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let closed = release.path().join("data/part-39.txt");
    mode(&closed, 0o000);
    fs::create_dir(release.outside().join("parts")).unwrap();
    mode(&release.outside().join("parts"), 0o777);
    let mut codes = Vec::new();
    for k in ["1/2", "2/2"] {
        let Some(run) = release.run_as_anybody(&["verify", "release", "--shard", k, "--output", "parts"]) else {
            return crate::support::skip("setpriv is needed to read as anybody");
        };
        assert_eq!(run.code == 1, run.stderr.contains("1 could not be read"), "{}", run.stderr);
        codes.push(run.code);
    }
    codes.sort_unstable();
    assert_eq!(codes, [0, 1]);
    for lang in ["en", "fr"] {
        let args = ["verify", "release", "--verbose", "--lang", lang];
        let whole = release.run_as_anybody(&args).unwrap();
        let joined = release.run_as_anybody(&[&args[..], &["--from", "parts"]].concat()).unwrap();
        assert!(whole.stdout.contains("data/part-39.txt"), "{}", whole.stdout);
        assert_eq!((joined.stdout, joined.code), (whole.stdout, whole.code));
    }
    // It is tried again, and nothing else is.
    mode(&closed, 0o644);
    for k in ["1/2", "2/2"] {
        assert_eq!(release.run_as_anybody(&["verify", "release", "--shard", k, "--output", "parts"]).unwrap().code, 0);
    }
    agree(&release, "parts", &[]);
}

#[test]
fn a_part_is_taken_from_the_engine_and_never_guessed() {
    let release = Release::tiny_open();
    let hash = |variables: &[(&str, &str)], args: &[&str]| {
        let mut command = program();
        command.current_dir(release.outside()).args(["verify", "release"]).args(args).envs(variables.iter().copied());
        Run::of(command.output().unwrap())
    };
    let output = ["--output", "parts"];
    let auto = |args: &[&'static str]| [args, &output[..]].concat();
    let slurm = [("SLURM_ARRAY_TASK_ID", "1"), ("SLURM_ARRAY_TASK_COUNT", "2"), ("SLURM_ARRAY_TASK_MAX", "1")];
    let blind = hash(&slurm, &auto(&["--shard", "auto"]));
    assert!(blind.code == 2 && blind.stderr.contains("`--shard auto/N`"), "{}", blind.stderr);
    let second = hash(&slurm, &auto(&["--shard", "auto/2"]));
    assert!(second.code == 0 && second.stderr.starts_with("part 2/2: "), "{}", second.stderr);
    // The folder tells of how many from now on.
    let first = hash(&[("OUVERT_SHARD_INDEX", "0"), slurm[0]], &auto(&["--shard", "auto"]));
    assert!(first.code == 0 && first.stderr.starts_with("part 1/2: "), "{}", first.stderr);
    let other = hash(&slurm, &auto(&["--shard", "auto/3"]));
    assert!(other.code == 2 && other.stderr.contains("another shards: 2 there, 3 now"), "{}", other.stderr);
    agree(&release, "parts", &[]);
    for (args, why) in [
        (&["--shard", "1/2"][..], "needs `--output DIR`"),
        (&["--output", "parts"], "--shard"),
        (&["--shard", "1/2", "--output", "release/parts"], "must not be written into the release"),
        (&["--shard", "1/2", "--output", "release/parts/deep/../down"], "must not be written into the release"),
        (&["--shard", "1/2", "--output", "parts", "--strict"], "--strict"),
        (&["--shard", "1/2", "--output", "parts", "--from", "parts"], "--from"),
        (&["--shard", "3/2", "--output", "parts"], "K from 1 to N"),
        (&["--from", "parts", "--trust-cache"], "--trust-cache"),
    ] {
        let run = hash(&[], args);
        assert!(run.code == 2 && run.stderr.contains(why), "{args:?}: {}", run.stderr);
    }
    assert_eq!(release.path().read_dir().unwrap().filter(|e| e.as_ref().unwrap().file_name() == "parts").count(), 0);
}

/// What `ouvert template` prints.
fn template(engine: &str, folder: &Path, name: &str) -> PathBuf {
    let run = run(&["template", engine]);
    assert_eq!(run.code, 0);
    let path = folder.join(name);
    fs::write(&path, run.stdout).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn templates_hold_what_their_engines_ask() {
    use crate::pipelines::judged_by;
    let dir = tempfile::tempdir().unwrap();
    let slurm = template("slurm", dir.path(), "ouvert.slurm.sh");
    let kubernetes = template("kubernetes", dir.path(), "ouvert.yaml");
    judged_by("shellcheck", &[slurm.to_str().unwrap()]);
    judged_by("kubernetes-validate", &["--strict", kubernetes.to_str().unwrap()]);
    let text = fs::read_to_string(kubernetes).unwrap();
    let number = |before: &str| {
        text.split(before).nth(1).unwrap().split(|c: char| !c.is_ascii_digit()).next().unwrap().to_owned()
    };
    assert_eq!(number("\n  completions: "), number("\"--shard=auto/"));
}
