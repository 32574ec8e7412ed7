//! What is said of many releases: a run, its list, its shards, how far it has come.

super::words! {
    /// A survey.
    Survey {
        OtherRun: "{path} was begun with another {what}: {old} there, {new} now", "{path} a été commencé avec un autre {what} : là {old}, ici {new}";
        HintOtherRun: "give the same list and flags, or another folder with `--output DIR`", "donnez la même liste et les mêmes options, ou un autre dossier avec `--output DOSSIER`";
        NoRun: "not the file that `ouvert survey` writes: {why}", "pas le fichier qu'écrit `ouvert survey` : {why}";
        RunSchema: "of schema {n}; this version reads {known}", "de schéma {n} ; cette version lit {known}";
        OtherDone: "the mark of another run", "la marque d'une autre enquête";
        OtherLength: "its bytes are {n}, and were {told} when it came to its end: it was cut or changed since", "ses octets sont {n}, et étaient {told} à la fin : coupé ou changé depuis";
        NotCollected: "{path} was not collected to its end: missing, of {n}: {shards}", "{path} n'a pas été recueilli jusqu'au bout : il manque, sur {n} : {shards}";
        Busy: "another process writes to {path}", "un autre processus écrit dans {path}";
        NoLine: "not a line that `ouvert survey` writes", "pas une ligne qu'écrit `ouvert survey`";
        LongLine: "a line of more than {n} bytes", "une ligne de plus de {n} octets";
        Unlocked: "{path}: this file system has no locks; see that no second process writes there", "{path} : ce système de fichiers n'a pas de verrou ; veillez à ce qu'aucun autre processus n'y écrive";

        EmptyList: "{path} names no release", "{path} ne nomme aucune publication";
        LineControl: "a character that no name has", "un caractère qu'aucun nom ne contient";
        LineLong: "more than {n} characters", "plus de {n} caractères";
        LineHub: "no repository of the hub: hf:ORG/NAME[@REV] or hf:datasets/ORG/NAME", "pas un dépôt du hub : hf:ORG/NOM[@REV] ou hf:datasets/ORG/NOM";
        LineEncoding: "not UTF-8", "pas en UTF-8";
        LineAt: "line {line}: {why}", "ligne {line} : {why}";
        TooManyItems: "more than {n} releases; split the list", "plus de {n} publications ; partagez la liste";
        OfSurvey: "{path} holds the rows of a survey, not releases or evidence", "{path} contient les lignes d'une enquête, pas des publications ni des éléments probants";
        HintOfSurvey: "`ouvert merge` joins rows; evidence is collected with `--collect-only`", "`ouvert merge` réunit des lignes ; les éléments probants se recueillent avec `--collect-only`";
        CollectStored: "evidence that is stored was collected already: leave `--collect-only` out", "des éléments probants enregistrés sont déjà recueillis : retirez `--collect-only`";
        Panicked: "ouvert failed while reading it; please report this", "ouvert a échoué en le lisant ; merci de le signaler";

        Releases: "{n} of {total}", "{n} sur {total}";
        Failed: "{n} failed", "{n} en échec";
        PerSecond: "{n}/s", "{n}/s";
        Surveying: "releases: {parts}", "publications : {parts}";
        Budget: "{host}: requests left: {n}", "{host} : requêtes restantes : {n}";
        Done: "{n} of {total} done", "{n} sur {total} faites";
        FailedAt: "{target}: {why}", "{target} : {why}";
        Ended: "releases: {parts}; {path}", "publications : {parts} ; {path}";
        Before: "done before: {n}", "déjà faites : {n}";
        Twice: "named twice: {n}", "nommées deux fois : {n}";
        MoreFailed: "and {n} more in {path}", "et {n} de plus dans {path}";
        AgainFailed: "run the same command again: only what failed is tried again", "relancez la même commande : seul ce qui a échoué est réessayé";
    }
}
