//! What is said of shards that are joined: those that lack, those that do not fit, and what the whole comes to on a screen.

super::words! {
    /// A merge.
    Merge {
        OtherRun: "{path} and {other} are not of one run: {what} is {new} in the first, {old} in the second", "{path} et {other} ne sont pas d'une même exécution : {what} vaut {new} dans l'un, {old} dans l'autre";
        HintOtherRun: "merge the folders of one run; `ouvert diff` compares reports", "réunissez les dossiers d'une même exécution ; `ouvert diff` compare des rapports";
        TwicePlaced: "shard {shard} is in two folders: {path} and {other}", "le lot {shard} est dans deux dossiers : {path} et {other}";
        HintTwicePlaced: "keep one of the two folders' files of that shard", "ne gardez les fichiers de ce lot que dans un des deux dossiers";
        MissingOne: "{n} shard of {of} is missing: {list}. As an array of Slurm: {array}", "il manque {n} lot sur {of} : {list}. En tableau de Slurm : {array}";
        MissingMany: "{many} shards of {of} are missing: {list}. As an array of Slurm: {array}", "il manque {many} lots sur {of} : {list}. En tableau de Slurm : {array}";
        HintMissing: "run those with `--shard K/N`, or merge what is there with `--partial`", "lancez-les avec `--shard K/N`, ou réunissez ce qui est là avec `--partial`";
        Partial: "shards missing: {list} of {of}", "lots manquants : {list} sur {of}";
        Altered: "{path} is not what its shard ended with: {what} {old} there, {new} by its mark", "{path} n'est pas ce que son lot a écrit : {what}, là {old}, d'après la marque {new}";
        HintAltered: "remove {path} and run its shard again", "retirez {path} et relancez son lot";
        WhatBytes: "bytes", "octets";
        WhatLines: "lines", "lignes";
        WhatFailed: "failures", "échecs";
        WhatDigest: "digest", "empreinte";
        Twice: "`{target}` stands twice: in {path}, line {line}, and in {other}, line {last}", "`{target}` figure deux fois : dans {path}, ligne {line}, et dans {other}, ligne {last}";
        HintTwice: "remove one of the two shards and run it again", "retirez un des deux lots et relancez-le";
        Fewer: "items in the list: {of}, in the shards: {n}; some are neither done nor told as failed", "éléments dans la liste : {of}, dans les lots : {n} ; certains ne sont ni faits ni donnés pour échoués";
        HintFewer: "run every shard again: only what lacks is done", "relancez chaque lot : seul ce qui manque est fait";
        NoRow: "not a row of a survey: {why}", "pas une ligne d'enquête : {why}";
        OtherColumns: "its columns are not those of the other rows: {list}", "ses colonnes ne sont pas celles des autres lignes : {list}";
        OtherSchema: "of schema {n}; this version reads {known}", "de schéma {n} ; cette version lit {known}";
        Moved: "changed while it was read", "modifié pendant la lecture";
        OfCollect: "{path} holds the evidence of releases, which nobody has judged yet", "{path} contient les éléments probants de publications, que personne n'a encore jugés";
        HintOfCollect: "`ouvert survey {path} --output DIR` judges them", "`ouvert survey {path} --output DOSSIER` les juge";
        OfVerify: "{path} holds the digests of the files of one release, not a survey", "{path} contient les empreintes des fichiers d'une publication, pas une enquête";
        HintOfVerify: "`ouvert verify --help` tells how its shards are joined", "`ouvert verify --help` dit comment réunir ses lots";
        NoExtension: "no format is known by that end of a name; use one of: {list}", "aucun format ne correspond à cette fin de nom ; utilisez : {list}";
        SameOutput: "{path} is to be written twice", "{path} serait écrit deux fois";
        NoProfile: "the profile {profile} is not at hand: with `--profile FILE` criteria and levels have their names and their order", "le profil {profile} n'est pas à disposition : avec `--profile FICHIER`, critères et niveaux ont leur nom et leur ordre";
        OtherProfile: "the survey judged by {old} ({was}), not by {new} ({is})", "l'enquête a jugé selon {old} ({was}), non {new} ({is})";
    }
}
