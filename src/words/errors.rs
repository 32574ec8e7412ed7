//! Why an audit could not be done, and the next step.

super::words! {
    /// Errors, and what stands around them.
    Errors {
        Error: "error", "erreur";
        Hint: "hint", "conseil";
        Interrupted: "interrupted", "interrompu";
        Quoted: "{what}: {words}", "{what} : {words}";
        AtLine: "{path}, line {line}: {message}", "{path}, ligne {line} : {message}";
        InFile: "{path}: {message}", "{path} : {message}";
        Because: "{what} ({why})", "{what} ({why})";

        NothingAt: "nothing found at {path}", "il n'y a rien à {path}";
        NotInCache: "{id} is not in the hub's cache at {cache}", "{id} n'est pas dans le cache du hub, {cache}";
        NoCache: "{id} cannot be looked for: the hub's cache has no folder", "impossible de chercher {id} : le cache du hub n'a pas de dossier";
        CannotAudit: "cannot audit {what}: {fault}", "impossible d'auditer {what} : {fault}";
        NotADirectory: "{path} is not a directory", "{path} n'est pas un dossier";
        Empty: "{path} holds no file", "{path} ne contient aucun fichier";
        TooManyFiles: "{path} holds more than {limit} files", "{path} contient plus de {limit} fichiers";
        CannotRead: "cannot read {path}: {cause}", "impossible de lire {path} : {cause}";
        CannotWrite: "cannot write {path}: {cause}", "impossible d'écrire {path} : {cause}";
        Exists: "{path} exists already", "{path} existe déjà";
        FilesNotSigned: "the files are not those that {path} signs", "les fichiers ne sont pas ceux que {path} signe";
        SignatureInvalid: "the signature {path} is not valid", "la signature {path} n'est pas valide";
        SignerElse: "{path} is signed by somebody else than expected", "{path} est signé par quelqu'un d'autre que celui attendu";
        SignatureWanted: "no signature could be verified as asked", "aucune signature n'a pu être vérifiée comme demandé";
        SignatureOfNothing: "a signature is verified against the files of a release, and {path} is a file: name the release", "une signature se vérifie sur les fichiers d'une publication, et {path} est un fichier : nommez la publication";
        NotAReport: "{path} is not a report: {message}", "{path} n'est pas un rapport : {message}";

        HintHubId: "write a repository of the hub as `hf:ORG/NAME[@REV]` or `hf:datasets/ORG/NAME`", "écrivez un dépôt du hub `hf:ORG/NOM[@REV]` ou `hf:datasets/ORG/NOM`";
        HintNotCached: "download the release first, leave `--offline` out, or give its folder", "téléchargez d'abord la publication, retirez `--offline`, ou donnez son dossier";
        HintTarget: "give the directory of a release, or a record; `ouvert audit --help` shows examples", "donnez le dossier d'une publication, ou une fiche ; `ouvert audit --help` montre des exemples";
        HintProfiles: "`ouvert frameworks` lists the profiles; one of your own is the path of a TOML file", "`ouvert frameworks` énumère les profils ; le vôtre se donne par le chemin d'un fichier TOML";
        HintPath: "give the path of a file: {what}", "donnez le chemin d'un fichier : {what}";
        HintOther: "it looks like a record of `{other}`: `ouvert import {other} FILE` reads it", "on dirait une fiche de `{other}` : `ouvert import {other} FICHIER` la lit";
        HintRecord: "give a record that `ouvert import --help` names, evidence written with `--save-evidence`, or a directory", "donnez une fiche d'un format que `ouvert import --help` nomme, des éléments probants écrits avec `--save-evidence`, ou un dossier";
        HintSetting: "set {name} to the address of the service, or unset it", "donnez à {name} l'adresse du service, ou retirez cette variable";
        HintDirectory: "give the directory that holds the release, not a file in it", "donnez le dossier qui contient la publication, pas un de ses fichiers";
        HintEmpty: "a release needs at least a model card (README.md) and its weights", "il faut au moins une fiche de modèle (README.md) et les poids";
        HintTooMany: "audit the release's own folder, not a folder of many releases", "auditez le dossier de la publication elle-même, pas un dossier qui en contient beaucoup";
        HintPermissions: "check the permissions of the path, or run as a user who may read it", "vérifiez les droits sur ce chemin, ou lancez la commande avec un compte qui peut le lire";
        HintIsFolder: "give a file; of many, each: `FOLDER/*`", "donnez un fichier ; s'il y en a plusieurs, chacun : `DOSSIER/*`";
        HintText: "give a text file; this one holds other bytes", "donnez un fichier de texte ; celui-ci contient autre chose";
        HintWrite: "check that the folder exists, is writable and has room", "vérifiez que le dossier existe, qu'on peut y écrire et qu'il y reste de la place";
        HintUsage: "`--help` after the command shows what goes together", "`--help` après la commande montre ce qui va ensemble";
        HintExists: "edit it, or write elsewhere with `--output FILE`", "modifiez-le, ou écrivez ailleurs avec `--output FICHIER`";
        HintMendFile: "mend the file, then run the same command again", "corrigez le fichier, puis relancez la même commande";
        HintMendLine: "mend the line, then run the same command again", "corrigez la ligne, puis relancez la même commande";
        HintReport: "write one with `ouvert audit DIR --format json --output report.json`", "écrivez-en un avec `ouvert audit DOSSIER --format json --output report.json`";
        DidYouMean: "did you mean {ids}?", "vouliez-vous dire {ids} ?";
        HintLevels: "`ouvert frameworks ID` lists the levels of a profile; name that profile with `--profile ID`", "`ouvert frameworks ID` énumère les niveaux d'un profil ; nommez ce profil avec `--profile ID`";
        HintRules: "`ouvert explain` lists all rules of the profile", "`ouvert explain` énumère toutes les règles du profil";

        HintOffline: "run it once without `--offline`, or download the release first", "lancez la commande une fois sans `--offline`, ou téléchargez d'abord la publication";
        HintNetwork: "check the network, HF_ENDPOINT and HTTPS_PROXY; `--offline` reads the hub's cache instead", "vérifiez le réseau, HF_ENDPOINT et HTTPS_PROXY ; `--offline` lit plutôt le cache du hub";
        HintTls: "check the clock and the certificates of this machine, and that HF_ENDPOINT is the hub", "vérifiez l'horloge et les certificats de cette machine, et que HF_ENDPOINT est bien le hub";
        HintRateLimit: "try again in five minutes, or set HF_TOKEN: a token has a larger quota", "réessayez dans cinq minutes, ou donnez HF_TOKEN : un jeton a un plus grand quota";
        HintToken: "renew the token in HF_TOKEN or the hub client's token file, or unset it", "renouvelez le jeton de HF_TOKEN ou du fichier du client du hub, ou retirez-le";
        HintHidden: "check the spelling; for a private repository set HF_TOKEN", "vérifiez l'orthographe ; pour un dépôt privé, donnez HF_TOKEN";
        HintGated: "ask for access on its page, then set HF_TOKEN", "demandez l'accès sur sa page, puis donnez HF_TOKEN";
        HintRevision: "give a branch, tag or commit that exists, or leave `@REV` out", "donnez une branche, une étiquette ou un commit qui existe, ou retirez `@REV`";
        HintSpelling: "check the spelling", "vérifiez l'orthographe";
        HintBucket: "check the name of the bucket, and AWS_ENDPOINT_URL where it is none of Amazon's", "vérifiez le nom du compartiment, et AWS_ENDPOINT_URL s'il n'est pas chez Amazon";
        HintRegion: "set AWS_REGION to the region of the bucket", "donnez à AWS_REGION la région du compartiment";
        HintDenied: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of somebody who may read it; for a public bucket unset them", "donnez AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY de quelqu'un qui peut le lire ; pour un compartiment public, retirez-les";
        HintDeniedGoogle: "set GOOGLE_APPLICATION_CREDENTIALS to the key of a service account that may read it; for a public bucket unset it", "donnez à GOOGLE_APPLICATION_CREDENTIALS la clé d'un compte de service qui peut le lire ; pour un compartiment public, retirez-la";
        HintDeniedAzure: "set AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN; for a public container unset the last two", "donnez AZURE_STORAGE_ACCOUNT_NAME, et AZURE_STORAGE_ACCOUNT_KEY ou AZURE_STORAGE_SAS_TOKEN ; pour un conteneur public, retirez les deux derniers";
        HintPrefix: "check the prefix: no key of the bucket starts with it", "vérifiez le préfixe : aucune clé du compartiment ne commence par lui";
        HintAgain: "run the same command again", "relancez la même commande";
        HintStore: "check that AWS_ENDPOINT_URL (STORAGE_EMULATOR_HOST, AZURE_STORAGE_ENDPOINT) is the address of the store", "vérifiez que AWS_ENDPOINT_URL (STORAGE_EMULATOR_HOST, AZURE_STORAGE_ENDPOINT) est l'adresse du stockage";
        HintStoreOffline: "leave `--offline` out, or download the release and give its folder", "retirez `--offline`, ou téléchargez la publication et donnez son dossier";
        HintStoreNetwork: "check the network, HTTPS_PROXY, and AWS_ENDPOINT_URL where the store is none of Amazon's", "vérifiez le réseau, HTTPS_PROXY, et AWS_ENDPOINT_URL si le stockage n'est pas chez Amazon";
        HintHub: "check that HF_ENDPOINT is a hub", "vérifiez que HF_ENDPOINT est un hub";

        Offline: "not at hand without the network", "pas à portée sans le réseau";
        Refused: "a link that is not followed", "un lien qui n'est pas suivi";
        UnknownHost: "no such host", "aucun hôte de ce nom";
        Unreachable: "nobody answers", "personne ne répond";
        Tls: "no secure connection", "pas de connexion sûre";
        Timeout: "no answer in time", "pas de réponse à temps";
        Broken: "the answer broke off", "la réponse s'est interrompue";
        TooLong: "the answer is too long", "la réponse est trop longue";
        BadAnswer: "not the answer of such a service", "pas la réponse d'un tel service";
        Redirects: "redirected without end", "redirections sans fin";
        RateLimited: "the host asks to be left alone for now (rate limit)", "l'hôte demande qu'on le laisse pour l'instant (limite de débit)";
        Status: "answered {status}", "réponse {status}";
        BadToken: "the token was refused", "le jeton a été refusé";
        NotFound: "not found", "introuvable";
        Hidden: "missing or private, the hub does not tell which", "absent ou privé, le hub ne dit pas lequel";
        NoRevision: "no such revision", "aucune révision de ce nom";
        Gated: "behind a gate", "sous contrôle d'accès";
        Forbidden: "access refused", "accès refusé";
        Disabled: "disabled by the hub", "fermé par le hub";
        NotFetched: "not fetched, for that would count as a download", "non récupéré, car cela compterait comme un téléchargement";

        NoBucket: "no such bucket", "aucun compartiment de ce nom";
        OtherRegion: "the bucket lies in another region", "le compartiment est dans une autre région";
        Denied: "the store refuses access", "le stockage refuse l'accès";
        Overwritten: "not the object that was listed", "pas l'objet qui était listé";

        NotHttp: "not http", "pas http";
        WithPassword: "with a password", "avec un mot de passe";
        NoHost: "no host", "pas d'hôte";
        NotPublic: "not a public address", "pas une adresse publique";
        Longer: "{n} bytes", "{n} octets";
        OtherBytes: "not the bytes that are listed", "pas les octets que la liste annonce";
        RoundAndRound: "its listing has no end", "sa liste n'a pas de fin";
        Pages: "more than {n} pages of files", "plus de {n} pages de fichiers";

        NotUrl: "`{text}` is no URL: {why}", "`{text}` n'est pas une URL : {why}";
        NotService: "`{text}` is not the http(s) address of a service", "`{text}` n'est pas l'adresse http(s) d'un service";

        NotABucket: "`{text}` names no release in an object store: write s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX", "`{text}` ne nomme aucune publication d'un stockage d'objets : écrivez s3://COMPARTIMENT/PRÉFIXE, gs://COMPARTIMENT/PRÉFIXE ou az://CONTENEUR/PRÉFIXE";
        StoresLeftOut: "this build reads no object store: it was made without the feature `store`", "cette version ne lit aucun stockage d'objets : elle a été construite sans la fonction `store`";
        NoAccount: "the account of an az:// container is not named: set AZURE_STORAGE_ACCOUNT_NAME", "le compte du conteneur az:// n'est pas nommé : donnez AZURE_STORAGE_ACCOUNT_NAME";
        NoAccountKey: "the Google credentials are not the JSON key of a service account, the only kind that is used here", "les identifiants Google ne sont pas la clé JSON d'un compte de service, la seule sorte utilisée ici";
        OddSetting: "{name} does not hold what it should", "{name} ne contient pas ce qu'il faut";
        ClearText: "`{text}` is not encrypted, and not on this machine: use https, or set AWS_ALLOW_HTTP=true", "`{text}` n'est pas chiffré, et n'est pas sur cette machine : prenez https, ou donnez AWS_ALLOW_HTTP=true";

        NoScore: "the profile `{id}` gives no score that `--fail-under` could ask for", "le profil `{id}` ne donne pas de note que `--fail-under` puisse exiger";
        OneReport: "a file of this `--format` holds one report, and there are several targets", "un fichier de ce `--format` contient un seul rapport, et il y a plusieurs cibles";
        OneBaseline: "`--baseline` is the report of one release, and there are several targets", "`--baseline` est le rapport d'une seule publication, et il y a plusieurs cibles";
        OtherBaseline: "the baseline is a report by the profile `{old}`, and this audit asks `{new}` first", "la référence est un rapport selon le profil `{old}`, et cet audit demande d'abord `{new}`";
        OtherProfiles: "the two were judged by different profiles, `{old}` and `{new}`", "les deux ont été jugés par des profils différents, `{old}` et `{new}`";
        OneFile: "`--output` and `--save-evidence` write one file, and there are several targets", "`--output` et `--save-evidence` écrivent un fichier, et il y a plusieurs cibles";
        ProfileTwice: "the profile `{id}` is asked for twice", "le profil `{id}` est demandé deux fois";
        NoProfile: "no profile is named", "aucun profil n'est nommé";
        NoFormat: "no format is called {name}", "aucun format ne s'appelle {name}";
        SeveralRecords: "several records need `--output FOLDER` for their dossiers, or `--check`", "plusieurs fiches demandent `--output DOSSIER` pour leurs dossiers de revue, ou `--check`";
        DossierTwice: "{file}: a record before it has its dossier in {path} already; import it by itself", "{file} : une fiche précédente a déjà son dossier de revue dans {path} ; importez celle-ci à part";

        FileEmpty: "the file is empty", "le fichier est vide";
        NoRecord: "this is no record of a catalogue known here: a record of MOT has the key `release`, one of the European index `system` and its twelve parameters", "ce n'est pas une fiche d'un catalogue connu ici : une fiche de MOT a la clé `release`, une de l'index européen `system` et ses douze paramètres";
        NotOf: "it is no record of `{format}`: {why}", "ce n'est pas une fiche de `{format}` : {why}";
        RecordTooLong: "it has more than {n} bytes; no record has", "il a plus de {n} octets ; aucune fiche n'en a autant";
        NotJson: "it is not JSON: {why}", "ce n'est pas du JSON : {why}";
        NeitherEvidence: "this is neither saved evidence nor a record known here", "ce ne sont ni des éléments probants enregistrés ni une fiche connue ici";
        AReport: "this is a report, not evidence; `ouvert render FILE` shows it", "c'est un rapport, pas des éléments probants ; `ouvert render FICHIER` le montre";
        OtherEvidence: "this is not evidence as this version saves it: {why}", "ce ne sont pas des éléments probants tels que cette version les enregistre : {why}";
        EvidenceSchema: "evidence of schema {n}, this version reads {known}", "des éléments probants de schéma {n}, cette version lit le schéma {known}";
        ReportSchema: "its schema is not {known}", "son schéma n'est pas {known}";
        Inline: "`artifact` is written inline; write [[artifact]] tables", "`artifact` est écrit en ligne ; écrivez des tables [[artifact]]";
    }
}

super::words! {
    /// What a file that a person named was to be.
    Wanted {
        Profile: "a profile", "un profil";
        Record: "a record of a catalogue", "une fiche d'un catalogue";
        Policy: "a policy", "une politique";
        Dossier: "a dossier", "un dossier de revue";
        Report: "a report saved as JSON", "un rapport enregistré en JSON";
        Evidence: "saved evidence", "des éléments probants enregistrés";
        License: "the text of a license", "le texte d'une licence";
        Manifest: "ouvert.toml", "ouvert.toml";
        Key: "a public key", "une clé publique";
        Certificates: "a chain of certificates", "une chaîne de certificats";
        TrustRoot: "a trust root", "une racine de confiance";
        Signature: "a signature", "une signature";
        PrivateKey: "a private key", "une clé privée";
        ServiceAccount: "the key of a Google service account", "la clé d'un compte de service Google";
        Certificate: "a certificate of ouvert", "un certificat d'ouvert";
        List: "a list of releases, one a line", "une liste de publications, une par ligne";
    }
}

super::words! {
    /// Kinds of ids, in the sentence that says that none is called so.
    Unknown {
        RuleOrLicense: "no rule or license is called `{id}`", "aucune règle ni licence ne s'appelle `{id}`";
        Profile: "no profile is called `{id}`", "aucun profil ne s'appelle `{id}`";
        Level: "no level is called `{id}`", "aucun niveau ne s'appelle `{id}`";
    }
}
