//! Input that is missing, torn, or made to hurt: what can be read is judged, what cannot is admitted, nothing hangs.

use std::time::Duration;

use ouvert::digest::Digest;

use crate::support::{Audit, HERE, Release, skip, within};

const CARD: &str = "---\nlicense: mit\n---\n\n# A model\n";

#[test]
fn what_is_no_release_is_refused_with_a_hint() {
    let release = Release::with_card(CARD);
    let file = release.run(&["audit", "release/README.md"]);
    assert_eq!((file.code, file.stdout.as_str()), (2, ""));
    assert!(file.stderr.contains("is not a directory") && file.stderr.contains("hint: "), "{}", file.stderr);
    let nowhere = "error: nothing found at ";
    for (target, told) in [
        ("nowhere", nowhere),
        ("./no/where", nowhere),
        ("some-org/some-model", "error: hf:some-org/some-model is not in the hub's cache"),
        ("hf:some-org", nowhere),
        ("hf:some-org/some-model", "error: hf:some-org/some-model is not in the hub's cache"),
    ] {
        let run = release.run(&["audit", target]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{target}");
        assert!(run.stderr.starts_with(told) && run.stderr.contains("hint: "), "{}", run.stderr);
    }
    let told = Release::empty().refused(&[]);
    assert!(told.contains("error: release holds no file") && told.contains("hint: "), "{told}");
}

#[test]
fn a_release_without_a_card_is_audited() {
    let release = Release::empty();
    release.write("model.safetensors", header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8));
    let audit = release.audit(&[]);
    assert_eq!((audit.code, audit.outcome("license-declared")), (0, "not-met"));
    assert_eq!((audit.level(), audit.status("model.safetensors")), ("restricted", Some("unpublished")));
    assert_eq!(audit.outcome("integrity-well-formed"), "met");
}

/// A card that breaks at a line: the report is there, the license above the break was read, the line is told.
fn torn(card: impl AsRef<[u8]>, line: usize) -> Audit {
    let release = Release::with_card(&card);
    let audit = within(Duration::from_secs(5), &release);
    let shown = String::from_utf8_lossy(card.as_ref()).chars().take(80).collect::<String>();
    assert_eq!((audit.code, audit.outcome("license-declared")), (0, "met"), "{shown}\n{}", audit.shortfalls());
    assert_eq!(audit.finding("license-declared")["places"][0]["line"], 2, "{shown}");
    assert_eq!(audit.gap("README.md"), Some("malformed"), "{shown}");
    let finding = audit.finding("integrity-well-formed");
    assert_eq!(finding["outcome"], "not-met", "{shown}");
    assert_eq!(finding["places"][0]["path"], "README.md", "{shown}");
    if line > 0 {
        assert_eq!(finding["places"][0]["line"], line, "{finding}");
        assert!(audit.gaps().contains(&format!("line {line}")), "{}", audit.gaps());
    }
    audit
}

#[test]
fn torn_front_matter_is_read_up_to_the_break() {
    torn("---\nlicense: mit\nlanguage: en\n\n# A model\n", 0);
    torn("---\nlicense: mit\nwidget:\n\t- text: a\n---\n# A model\n", 4);
    torn("---\nlicense: mit\ntags: [a, b\n---\n# A model\n", 0);
    torn("---\nlicense: mit\ntitle: \"no end\n---\n# A model\n", 0);
    torn("---\nlicense: mit\nlanguage: en\nlanguage: fr\n---\n# A model\n", 4);
    torn("---\nlicense: mit\nlist: *nowhere\n---\n# A model\n", 3);
}

#[test]
fn a_second_license_key_does_not_hide() {
    let audit = torn("---\nlicense: mit\nlicense: cc-by-nc-4.0\n---\n# A model\n", 3);
    assert_ne!(audit.outcome("license-unrestricted"), "met", "{}", audit.says("license-unrestricted"));
}

#[test]
fn anchors_that_explode_and_deep_nesting_are_bounded() {
    let mut laughs = String::from("---\nlicense: mit\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let many = vec![format!("*a{}", n - 1); 10].join(", ");
        laughs += &format!("a{n}: &a{n} [{many}]\n");
    }
    torn(laughs + "---\n# A model\n", 0);
    torn(format!("---\nlicense: mit\ndeep: {}\n---\n# A model\n", "[".repeat(100_000)), 0);
    torn(format!("---\nlicense: mit\ndeep:\n  {}x\n---\n# A model\n", "- ".repeat(20_000)), 0);
    let release = Release::with_card(format!("---\nlicense: mit\n---\n# A model\n\n{}x\n", "> ".repeat(50_000)));
    assert_eq!(within(Duration::from_secs(5), &release).code, 0);
}

#[test]
fn marks_and_line_ends_do_not_matter() {
    for card in [
        "\u{feff}---\nlicense: mit\n---\n# A model\n",
        "---\r\nlicense: mit\r\n---\r\n# A model\r\n",
        "---\rlicense: mit\r---\r# A model\r",
    ] {
        let audit = Release::with_card(card).audit(&[]);
        assert_eq!((audit.code, audit.outcome("license-declared"), audit.gap("")), (0, "met", None), "{card:?}");
        assert_eq!(audit.finding("license-declared")["places"][0]["line"], 2, "{card:?}");
        assert_eq!(audit.report["subject"]["name"], "A model");
    }
}

#[test]
fn other_encodings_are_read_and_told() {
    let audit = Release::with_card(b"---\nlicense: mit\n---\n# Mod\xe8le\n").audit(&[]);
    assert_eq!((audit.code, audit.outcome("license-declared")), (0, "met"));
    assert_eq!(audit.gap("README.md"), Some("encoding"), "{}", audit.gaps());
    assert_eq!(audit.report["subject"]["name"], "Modèle");
}

#[test]
fn what_was_too_big_to_read_is_not_called_absent() {
    let release = Release::with_card(CARD.to_owned() + &"All work and no play.\n".repeat(10 * 1024 * 1024 / 22));
    let audit = within(Duration::from_secs(20), &release);
    assert_eq!(audit.code, 0);
    assert_eq!(audit.gap("README.md"), Some("too-big"), "{}", audit.gaps());
    for rule in ["license-declared", "license-unrestricted", "data-declared", "recipe-disclosed"] {
        assert_eq!(audit.outcome(rule), "unknown", "{rule}: {}", audit.says(rule));
    }
}

#[test]
fn mistakes_in_the_manifest_are_shown_where_they_are() {
    let allowed = ["`license`", "`version`"];
    let rows: &[(&str, usize, &[&str])] = &[
        ("schema = 1\n[release]\nlicence = \"MIT\"\n", 3, &allowed),
        ("schema = 1\n[release]\nversion = \"1.x\"\n", 3, &[]),
        ("schema = 1\n[release]\nlicense = \"Apach-2.0\"\n", 3, &["Apache-2.0"]),
        ("schema = 1\n[release]\ndate = \"2026-02-30\"\n", 3, &[]),
        ("schema = 1\n[[artifact]]\npath = \"README.md\"\nsha256 = \"d0d0\"\n", 4, &["64 hexadecimal digits"]),
        ("schema = 1\n[[artifact]]\npath = \"README.md\"\nkind = \"wieghts\"\n", 4, &["`weights`"]),
        ("schema = 1\n[[dataset]]\nid = \"a/b\"\nstage = \"first\"\n", 4, &["`pretraining`"]),
        ("schema = 1\n[data]\ncomplete = \"yes\"\n", 3, &[]),
        ("schema = 1\n[release\n", 2, &[]),
        ("schema = 2\n", 1, &["schema 1"]),
    ];
    for (text, line, words) in rows {
        let release = Release::with_card(CARD);
        release.write("ouvert.toml", text);
        let told = release.refused(&[]);
        let place = format!("ouvert.toml, line {line}: ");
        for word in [&[place.as_str(), "^", "hint: "], *words].concat() {
            assert!(told.contains(word), "{text:?} lacks {word:?}:\n{told}");
        }
    }
}

#[test]
fn mistakes_in_a_profile_are_shown_where_they_are() {
    let profile = std::fs::read_to_string(format!("{HERE}/rules/three-criteria.toml")).unwrap();
    let rows: &[(&str, &str, &[&str])] = &[
        ("need = \"essential\"", "neeed = \"essential\"", &["^", "`need`"]),
        ("need = \"essential\"", "need = \"vital\"", &["^", "`essential`", "`required`", "`recommended`"]),
        ("check = \"license.declared\"", "check = \"license.declard\"", &["^", "license.declared"]),
        ("weight = 3.0", "weight = -3.0", &["weight"]),
        ("criterion = \"license\"", "criterion = \"licence\"", &["`licence`"]),
    ];
    let release = Release::with_card(CARD);
    for (from, to, words) in rows {
        let text = profile.replacen(from, to, 1);
        let line = 1 + text[..text.find(to).unwrap()].matches('\n').count();
        std::fs::write(release.outside().join("own.toml"), &text).unwrap();
        let told = release.refused(&["--profile", "own.toml"]);
        for word in [&["own.toml, line ", "hint: "], *words].concat() {
            assert!(told.contains(word), "{to:?} lacks {word:?}:\n{told}");
        }
        // Without a caret the line is that of the entry.
        assert!(!words.contains(&"^") || told.contains(&format!("line {line}:")), "{to:?} is at line {line}:\n{told}");
    }
    std::fs::write(release.outside().join("own.toml"), profile).unwrap();
    assert_eq!(release.audit(&["--profile", "own.toml"]).code, 0);
    assert!(release.refused(&["--profile", "three-criterion"]).contains("did you mean `three-criteria`?"));
    assert!(release.refused(&["--profile", "nowhere.toml"]).contains("nothing found at nowhere.toml"));
}

#[cfg(unix)]
#[test]
fn links_do_not_leave_the_release() {
    use std::os::unix::fs::symlink;
    let release = Release::with_card(CARD);
    let secret = "s3cr3t-words of a file outside\n";
    std::fs::create_dir(release.outside().join("vault")).unwrap();
    std::fs::write(release.outside().join("vault/secret.txt"), secret).unwrap();
    symlink("../vault/secret.txt", release.path().join("LICENSE")).unwrap();
    symlink("../vault", release.path().join("data")).unwrap();
    symlink(release.outside().join("vault/secret.txt"), release.path().join("train.py")).unwrap();
    release.write("SHA256SUMS", format!("{}  train.py\n", Digest::of(secret.as_bytes()).hex()));
    let audit = release.audit(&["--save-evidence", "evidence.json"]);
    assert_eq!(audit.code, 1, "train.py is listed, and is not there");
    let evidence = std::fs::read_to_string(release.outside().join("evidence.json")).unwrap();
    for text in [audit.report.to_string(), evidence] {
        assert!(!text.contains("s3cr3t"), "{text}");
    }
    for path in ["LICENSE", "data", "train.py"] {
        assert_eq!(audit.gap(path), Some("outside"), "{path}: {}", audit.gaps());
    }
    assert_eq!(audit.outcome("recipe-code"), "not-met");
}

#[test]
fn manifests_do_not_lead_out_of_the_release() {
    let release = Release::with_card(CARD);
    let secret = "s3cr3t-words of a file outside\n";
    std::fs::write(release.outside().join("secret.txt"), secret).unwrap();
    let (good, digest) = (Digest::of(CARD.as_bytes()), Digest::of(secret.as_bytes()));
    let entry = |path: &str| format!("[[artifact]]\npath = \"{path}\"\nsha256 = \"{}\"\n", digest.hex());
    let paths = ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "../../../../etc/passwd"];
    let entries = paths.map(entry).concat();
    release.write(
        "ouvert.toml",
        format!("schema = 1\n[[dataset]]\npath = \"../secret.txt\"\n[recipe]\ncode = \"/etc/passwd\"\n{entries}"),
    );
    release.write(
        "SHA256SUMS",
        format!("{}  README.md\n{}  ../secret.txt\nthis is no checksum\n\n\u{1}\u{2}\n", good.hex(), digest.hex()),
    );
    let audit = release.audit(&["--save-evidence", "evidence.json"]);
    assert_eq!(audit.code, 0, "{}", audit.shortfalls());
    let evidence = std::fs::read_to_string(release.outside().join("evidence.json")).unwrap();
    for text in [audit.report.to_string(), evidence] {
        assert!(!text.contains("s3cr3t") && !text.contains("root:"), "{text}");
    }
    let files: Vec<_> = audit.report["files"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(files, ["README.md", "SHA256SUMS", "ouvert.toml"]);
    assert_eq!(audit.status("README.md"), Some("verified"));
    for words in [&paths[..], &["\"malformed\"", "line 3", "\"outside\""]].concat() {
        assert!(audit.gaps().contains(words), "{words}: {}", audit.gaps());
    }
    assert_ne!(audit.outcome("recipe-code"), "met");
    assert_ne!(audit.outcome("data-accessible"), "met");
}

/// A safetensors file with this header.
fn header(json: &str, data: usize) -> Vec<u8> {
    let mut out = (json.len() as u64).to_le_bytes().to_vec();
    out.extend_from_slice(json.as_bytes());
    out.resize(out.len() + data, 0);
    out
}

#[test]
fn weights_that_lie_about_themselves_are_told() {
    let overlap = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#;
    let beyond = r#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#;
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    let rows: [(Vec<u8>, &str); 7] = [
        (u64::MAX.to_le_bytes().to_vec(), "18446744073709551615"),
        ([&(1u64 << 40).to_le_bytes()[..], b"{}"].concat(), "the header says it is"),
        (header(overlap, 12), "overlap"),
        (header(beyond, 8), "the file has"),
        (header(&deep, 0), "not one of tensors"),
        (header("{\"a\":", 0), "not JSON"),
        (vec![], "too short"),
    ];
    for (bytes, words) in rows {
        let release = Release::with_card(CARD);
        release.write("model.safetensors", bytes);
        let audit = release.audit(&[]);
        assert_eq!((audit.code, audit.outcome("integrity-well-formed")), (0, "not-met"), "{words}");
        let says = audit.says("integrity-well-formed");
        assert!(says.starts_with("model.safetensors: ") && says.contains(words), "{says}");
        assert_eq!(audit.outcome("license-declared"), "met");
    }
}

/// Whether a text holds a character that could move a cursor or reorder a line.
fn unsafe_in(text: &str) -> Option<char> {
    text.chars().find(|c| {
        *c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(c) || ('\u{2066}'..='\u{2069}').contains(c))
    })
}

#[test]
fn nothing_in_a_release_moves_the_cursor() {
    let raw = "\u{1b}[2J\u{1b}]0;evil\u{7}\u{9b}1A\u{202e}\u{2066}";
    let cards = [
        format!("---\nlicense: {raw}mit\n---\n# {raw}Title\n\nThis model{raw} may only be used for research.\n"),
        "---\nlicense: \"\\e[31m\\u202Emine\\a\"\ndatasets: [\"a\\e[2J/b\"]\nbase_model: \"\\e]0;x\\a\"\n---\n# \u{1b}c\u{8}Title\n".to_owned(),
    ];
    for card in cards {
        let release = Release::with_card(card);
        release.write("config.json", format!("{{\"_name_or_path\": \"{raw}\"}}"));
        for args in [&["--verbose"][..], &["--lang", "fr"], &["--quiet"], &["--format", "json"]] {
            let run = release.run(&[&["audit", "release"], args].concat());
            assert_eq!(run.code, 0, "{}", run.stderr);
            assert_eq!(unsafe_in(&run.stdout), None, "{args:?}: {}", run.stdout);
            assert_eq!(unsafe_in(&run.stderr), None);
        }
    }
    let run = Release::empty().run(&["audit", &format!("no{raw}where")]);
    assert_eq!((run.code, unsafe_in(&run.stderr)), (2, None), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn odd_file_names_are_listed() {
    use std::os::unix::ffi::OsStrExt;
    let release = Release::with_card(CARD);
    release.write("a b/c d.txt", "x");
    release.write("line\nbreak.txt", "x");
    release.write("\u{1b}[2Jclear.txt", "x");
    std::fs::write(release.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), "x").unwrap();
    let digest = Digest::of(b"x");
    release.write("SHA256SUMS", format!("{0}  a b/c d.txt\n\\{0}  line\\nbreak.txt\n", digest.hex()));
    let audit = release.audit(&[]);
    assert_eq!(audit.status("a b/c d.txt"), Some("verified"));
    assert_eq!(audit.status("line\nbreak.txt"), Some("verified"));
    assert_eq!(audit.status("\u{1b}[2Jclear.txt"), Some("unlisted"));
    assert_eq!(audit.gap("caf"), Some("name"), "{}", audit.gaps());
    assert_eq!(audit.code, 0);
    let table = release.run(&["audit", "release", "--verbose"]).stdout;
    assert_eq!(unsafe_in(&table), None, "{table}");
}

#[cfg(unix)]
#[test]
fn a_backslash_in_a_name_is_no_folder() {
    let release = Release::with_card(CARD);
    release.write("back\\slash.txt", "x");
    release.write("SHA256SUMS", format!("\\{}  back\\\\slash.txt\n", Digest::of(b"x").hex()));
    let audit = release.audit(&[]);
    assert_eq!(audit.status("back\\slash.txt"), Some("verified"), "{}", audit.report["files"]);
    assert_eq!(audit.code, 0);
}

#[cfg(unix)]
#[test]
fn pipes_and_dangling_links_are_gaps() {
    use std::os::unix::fs::symlink;
    let release = Release::with_card(CARD);
    symlink("nowhere", release.path().join("model.safetensors")).unwrap();
    symlink("loop", release.path().join("loop")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(release.path().join("train.py")).status();
    assert!(made.is_ok_and(|s| s.success()), "mkfifo");
    let audit = within(Duration::from_secs(10), &release);
    assert_eq!(audit.code, 0, "{}", audit.stderr);
    let kinds = ["train.py", "model.safetensors"].map(|path| audit.gap(path));
    assert_eq!(kinds, ["special", "dangling"].map(Some), "{}", audit.gaps());
    assert!(audit.gap("loop").is_some());
    assert_eq!(audit.outcome("integrity-fetched"), "not-met");
    assert_eq!(audit.outcome("license-declared"), "met");
}

#[cfg(unix)]
#[test]
fn a_locked_file_is_a_gap_and_no_absence() {
    use std::os::unix::fs::PermissionsExt;
    let release = Release::with_card(CARD);
    release.write("LICENSE", "locked");
    let mode =
        |path: &std::path::Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(&release.path().join("LICENSE"), 0o000);
    let Some(run) = release.run_as_anybody(&["audit", "release", "--format", "json"]) else {
        skip("root may read a locked file, and setpriv (util-linux) is not here to become someone else");
        return;
    };
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("no report ({e}): {}", run.stderr));
    let audit = Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!(audit.code, 0, "{}", audit.stderr);
    assert_eq!(audit.gap("LICENSE"), Some("unreadable"), "{}", audit.gaps());
    for rule in ["license-text-present", "license-unrestricted", "license-no-added-terms"] {
        assert_eq!(audit.outcome(rule), "unknown", "{rule}: it is there, and could not be read");
    }
}
