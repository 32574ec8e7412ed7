//! What the readers of this program say of a mistake in a file: each makes its sentence in English, and here it stands with its French.
//! `{why}` is another such sentence, or one of a foreign parser.

super::words! {
    /// Sentences of our readers.
    Formats {
        // Any of them.
        InJson: "JSON, {why}", "JSON, {why}";
        InCroissant: "Croissant: {keys}", "Croissant : {keys}";
        InCycloneDx: "CycloneDX: {keys}", "CycloneDX : {keys}";
        OnLine: "line {n}: {why}", "ligne {n} : {why}";
        AtLine: "line {n}, {why}", "ligne {n}, {why}";
        FirstLine: "line {n} ({count})", "ligne {n} ({count})";
        NotJson: "it is not JSON: {why}", "ce n'est pas du JSON : {why}";

        // Policies.
        PolicySchema: "this version reads policies of schema 1", "cette version lit les politiques de schéma 1";
        PolicyScore: "a score is a number from 0 to 100", "une note est un nombre de 0 à 100";
        PolicyGlob: "not a name or a pattern such as `ORG/*`", "ni un nom ni un motif tel que `ORG/*`";
        PolicyBlank: "a waiver needs a reason and somebody who answers for it", "il faut à une dérogation une raison et quelqu'un qui en réponde";
        PolicyNoLevel: "no level is called `{id}`", "aucun niveau ne s'appelle `{id}`";
        PolicyNoRule: "no rule is called `{id}`", "aucune règle ne s'appelle `{id}`";
        PolicyNear: "{why}; did you mean `{ids}`?", "{why} ; vouliez-vous dire `{ids}` ?";
        Day: "a day is written as 2026-12-31", "un jour s'écrit 2026-12-31";
        NoDay: "`{text}` is no day; write it as 2026-12-31", "`{text}` n'est pas un jour ; écrivez 2026-12-31";

        // YAML.
        Alias: "an alias names an anchor that is not complete", "un alias nomme une ancre qui n'est pas complète";
        Nodes: "more than {n} nodes, aliases expanded", "plus de {n} nœuds, alias développés";
        Bytes: "more than {n} bytes, aliases expanded", "plus de {n} octets, alias développés";
        Levels: "more than {n} levels of nesting", "plus de {n} niveaux imbriqués";
        KeyTwice: "the key `{key}` stands twice", "la clé `{key}` figure deux fois";
        FrontMatter: "the front matter has no end: a line `---` is missing", "l'en-tête n'a pas de fin : il manque une ligne `---`";

        // DVC.
        DvcSchema: "the schema is {text}, not 2.0", "le schéma est {text}, pas 2.0";
        DvcNeither: "it has neither `stages` nor `outs`", "il n'a ni `stages` ni `outs`";
        DvcNoPath: "an entry has no path", "une entrée n'a pas de chemin";
        DvcNoRelpath: "a file of {path} has no relpath", "un fichier de {path} n'a pas de `relpath`";
        DvcNoMd5: "{path} has no MD5", "{path} n'a pas de MD5";
        DvcFolder: "{path} is a folder: its MD5 is that of a list which DVC keeps elsewhere", "{path} est un dossier : son MD5 est celui d'une liste que DVC garde ailleurs";
        DvcHex: "the MD5 of {path} is not 32 hex digits", "le MD5 de {path} n'a pas 32 chiffres hexadécimaux";
        DvcHash: "{path} is hashed by {kind}, which is not compared", "l'empreinte de {path} est faite par {kind}, qui n'est pas comparé";
        DvcOutside: "{path} is not a path within the release", "{path} n'est pas un chemin dans la publication";
        DvcLong: "the path {path} is too long", "le chemin {path} est trop long";

        // What the hub and its client say.
        NoPathOrSize: "a file without path or size", "un fichier sans chemin ou sans taille";

        // Safetensors and GGUF.
        FewBytes: "too short for a header, in bytes: {n}", "trop court pour un en-tête, en octets : {n}";
        HeaderLonger: "the header says it is {n} bytes long, the file has {bytes}", "l'en-tête se dit long de {n} octets, le fichier en a {bytes}";
        HeaderLong: "the header is {n} bytes long; no more than {most} are read", "l'en-tête est long de {n} octets ; on n'en lit pas plus de {most}";
        HeaderUnread: "the header cannot be read: {why}", "l'en-tête est illisible : {why}";
        HeaderStart: "the header does not start with {", "l'en-tête ne commence pas par {";
        HeaderOther: "the header is not one of tensors: {why}", "l'en-tête n'est pas un en-tête de tenseurs : {why}";
        HeaderNotJson: "the header is not JSON: {why}", "l'en-tête n'est pas du JSON : {why}";
        ShapeOverflows: "the shape of tensor {name} overflows", "la forme du tenseur {name} dépasse tout nombre";
        EndsBefore: "tensor {name} ends before it begins", "le tenseur {name} finit avant de commencer";
        TakesOther: "tensor {name} takes {n} bytes, its shape needs another size", "le tenseur {name} prend {n} octets, sa forme en demande un autre nombre";
        Hole: "data has a hole or an overlap at byte {at}", "les données ont un trou ou un chevauchement à l'octet {at}";
        DataDiffers: "the header describes {at} bytes of data, the file has {bytes}", "l'en-tête décrit {at} octets de données, le fichier en a {bytes}";
        NotGguf: "the file does not start with GGUF", "le fichier ne commence pas par GGUF";
        BigEndian: "big-endian: not read", "gros-boutiste : non lu";
        GgufVersion: "version {n} is not known", "la version {n} n'est pas connue";
        TooManyKeys: "{keys} keys and {tensors} tensors are too many for a header, or for {bytes} bytes", "{keys} clés et {tensors} tenseurs sont trop pour un en-tête, ou pour {bytes} octets";
        HeaderMost: "the header is longer than {n} bytes", "l'en-tête dépasse {n} octets";
        EndsInside: "the file ends at byte {at}, inside its header", "le fichier finit à l'octet {at}, dans son en-tête";
        UnreadAt: "the header cannot be read at byte {at}: {why}", "l'en-tête est illisible à l'octet {at} : {why}";
        Claim: "{count} times {unit} bytes should follow byte {at}, the file has {left} more", "{count} fois {unit} octets devraient suivre l'octet {at}, le fichier en a encore {left}";
        GgufKeyTwice: "key {key} is there twice", "la clé {key} figure deux fois";
        Alignment: "{key} is not a u32 that is a power of two and at most {most}", "{key} n'est pas un u32 qui soit une puissance de deux d'au plus {most}";
        DeepArrays: "the arrays at byte {at} are nested too deeply", "les listes à l'octet {at} sont trop imbriquées";
        ValueType: "value type {kind} before byte {at} is not known", "le type de valeur {kind} avant l'octet {at} n'est pas connu";
        TensorEnds: "tensor {name}: it ends at byte {at}, the file has {bytes} bytes", "tenseur {name} : il finit à l'octet {at}, le fichier a {bytes} octets";
        OfTensor: "tensor {name}: {why}", "tenseur {name} : {why}";
        Dimensions: "it has {n} dimensions", "il a {n} dimensions";
        ShapeOverflow: "its shape overflows", "sa forme dépasse tout nombre";
        Offset: "its offset {offset} is not a multiple of {alignment}", "son décalage {offset} n'est pas un multiple de {alignment}";
        Rows: "its rows have {row} elements, its blocks {block}", "ses lignes ont {row} éléments, ses blocs {block}";
        SizeOverflow: "its size overflows", "sa taille dépasse tout nombre";

        // Pickles and archives.
        PickleMember: "in {name}: {why}", "dans {name} : {why}";
        PickleEnds: "it ends at byte {at}, inside a pickle", "il finit à l'octet {at}, dans un pickle";
        PickleOpcode: "byte {at} is no opcode: 0x{byte}", "l'octet {at} n'est pas un code d'opération : 0x{byte}";
        PickleArrays: "arrays lie among the opcodes from byte {at} on; what follows is not read", "des tableaux s'intercalent entre les codes à partir de l'octet {at} ; la suite n'est pas lue";
        PickleOpcodes: "too many opcodes: no more are read from byte {at} on", "trop de codes d'opération : la suite n'est pas lue à partir de l'octet {at}";
        PickleImports: "too many imports: no more are read from byte {at} on", "trop d'imports : la suite n'est pas lue à partir de l'octet {at}";
        PickleStack: "too much on its stack: no more is read from byte {at} on", "pile trop haute : la suite n'est pas lue à partir de l'octet {at}";
        PickleLine: "too long a line: no more is read from byte {at} on", "ligne trop longue : la suite n'est pas lue à partir de l'octet {at}";
        PickleInflated: "too much is packed in it: {at} bytes are read", "trop d'octets y sont compressés : {at} sont lus";
        PickleUnreadAt: "it cannot be read from byte {at} on: {why}", "il est illisible à partir de l'octet {at} : {why}";
        PickleUnread: "it cannot be read", "il est illisible";
        PickleFollow: "{n} bytes follow its last pickle at byte {at}", "{n} octets suivent son dernier pickle à l'octet {at}";
        PickleMany: "more than {n} pickles", "plus de {n} pickles";
        PickleClosed: "it is {kind}, which is not read", "c'est {kind}, qui n'est pas lu";
        PickleArray: "its header of an array cannot be read", "son en-tête de tableau est illisible";
        ZipNested: "an archive in the archive is not entered", "une archive dans l'archive n'est pas ouverte";
        ZipMembers: "its directory has {n} members in {bytes} bytes: too many to read", "son répertoire a {n} membres en {bytes} octets : trop pour être lu";
        ZipPlace: "its directory does not stand where it says", "son répertoire n'est pas là où elle le dit";
        ZipUnread: "its directory cannot be read", "son répertoire est illisible";
        ZipMalformed: "its directory is malformed", "son répertoire est mal formé";
        ZipCount: "its directory holds more than it counts", "son répertoire contient plus qu'il ne compte";
        ZipTwice: "two members are called {name}", "deux membres s'appellent {name}";
        ZipOverlaps: "the member {name} overlaps what follows it", "le membre {name} empiète sur ce qui le suit";
        ZipLocal: "its local header is not that of the directory", "son en-tête local n'est pas celui du répertoire";
        ZipEncrypted: "it is encrypted", "il est chiffré";
        ZipSizes: "it is stored and has two sizes", "il est stocké tel quel et a deux tailles";
        ZipMethod: "its compression method {n} is not read", "sa méthode de compression {n} n'est pas lue";
        ZipNone: "it is an archive without a directory", "c'est une archive sans répertoire";
        ZipSplit: "it is one part of a split archive", "c'est une partie d'une archive découpée";
        ZipDiffer: "its two directories differ", "ses deux répertoires diffèrent";

        // Croissant and CycloneDX.
        NoDataset: "nothing in it is a Dataset or conforms to Croissant", "rien n'y est un `Dataset` ni conforme à Croissant";
        ManyNodes: "it has more than {n} nodes or files", "il a plus de {n} nœuds ou fichiers";
        NotCycloneDx: "it is not a CycloneDX document: `bomFormat` is not `CycloneDX`", "ce n'est pas un document CycloneDX : `bomFormat` n'est pas `CycloneDX`";
        CycloneDxVersion: "it is CycloneDX {version}, and {list} are read", "c'est du CycloneDX {version}, et {list} sont lus";
        ManyComponents: "it has more than {n} components", "il a plus de {n} composants";
        NoModel: "no component of it is of type `machine-learning-model`", "aucun de ses composants n'est de type `machine-learning-model`";

        // Records of MOT.
        MotNoRelease: "the key `release` is missing", "la clé `release` manque";
        MotReleaseMap: "`release` must be a map", "`release` doit être une table";
        MotMissing: "`release.{key}` is missing", "`release.{key}` manque";
        MotNoList: "`release.components` must be a list", "`release.components` doit être une liste";
        MotMany: "{n} components; at most {most} are read", "{n} composants ; on en lit au plus {most}";
        MotTextNotList: "`{key}` must be a text, not a list", "`{key}` doit être un texte, pas une liste";
        MotTextNotMap: "`{key}` must be a text, not a map", "`{key}` doit être un texte, pas une table";
        MotLicense: "`release.license` must be a map", "`release.license` doit être une table";
        MotScope: "`release.license.{key}` must be a map of `name` and `path`", "`release.license.{key}` doit être une table avec `name` et `path`";
        MotComponentMap: "each component must be a map with a `name`", "chaque composant doit être une table avec un `name`";
        MotNameless: "a component has no `name`", "un composant n'a pas de `name`";
        MotNear: "no component is called `{name}`; did you mean `{near}`?", "aucun composant ne s'appelle `{name}` ; vouliez-vous dire `{near}` ?";
        MotKnown: "no component is called `{name}`; known are {list}", "aucun composant ne s'appelle `{name}` ; connus sont {list}";

        // Records of the European index.
        IndexLong: "more than {n} bytes: give one record, not a collection", "plus de {n} octets : donnez une fiche, pas un recueil";
        IndexTwice: "{why}; keep one of the two", "{why} ; gardez l'une des deux";
        IndexBroken: "{why}; the YAML cannot be read from here on; mend it", "{why} ; le YAML est illisible à partir d'ici ; corrigez-le";
        IndexNone: "no record of the index: start with the keys `system`, `org` and the parameters", "pas une fiche de l'index : commencez par les clés `system`, `org` et les paramètres";
        IndexNear: "the form has no parameter `{key}`; did you mean `{near}`?", "le formulaire n'a pas de paramètre `{key}` ; vouliez-vous dire `{near}` ?";
        IndexOdd: "the form has no parameter `{key}`; remove it", "le formulaire n'a pas de paramètre `{key}` ; retirez-le";
        IndexNoSystem: "`system` is missing: add it, with at least `name`", "`system` manque : ajoutez-le, avec au moins `name`";
        IndexMissing: "the parameter `{id}` is missing: add it, with its `class`", "le paramètre `{id}` manque : ajoutez-le, avec sa `class`";
        IndexKeys: "{found} has {n} keys, more than {most}: remove some", "{found} a {n} clés, plus que {most} : retirez-en";
        IndexForMap: "{found} where a map belongs: write `{keys}` below `{name}:`", "{found} à la place d'une table : écrivez `{keys}` sous `{name}:`";
        IndexNameless: "`system` has no `name`: add it", "`system` n'a pas de `name` : ajoutez-le";
        IndexNoClass: "`{id}` has no `class`: write open, partial or closed", "`{id}` n'a pas de `class` : écrivez open, partial ou closed";
        IndexClass: "the class of `{id}` is {found}: write open, partial or closed", "la classe de `{id}` est {found} : écrivez open, partial ou closed";
        IndexMapForText: "a map where a text belongs: write `{key}` on one line", "une table à la place d'un texte : écrivez `{key}` sur une ligne";
        IndexLink: "`{key}` is neither a link nor a list of links: write one a line", "`{key}` n'est ni un lien ni une liste de liens : écrivez-en un par ligne";
        IndexLinks: "more than {n} links: keep those that show the most", "plus de {n} liens : gardez ceux qui montrent le plus";

        // Manifests and dossiers.
        Clarifies: "a release cannot clarify its own audit; a reviewer's dossier can hold `[[{name}]]`, given with --dossier", "une publication ne peut pas clarifier son propre audit ; un dossier de revue, donné avec --dossier, peut contenir `[[{name}]]`";
        Listed: "what lies in a release is seen, not listed; a reviewer's dossier can hold `[[{name}]]`, given with --dossier", "ce qui est dans une publication se voit, et ne s'énumère pas ; un dossier de revue, donné avec --dossier, peut contenir `[[{name}]]`";
        ForDossiers: "`{key}` is for the entries of a dossier; here the release speaks for itself", "`{key}` est pour les entrées d'un dossier de revue ; ici la publication parle pour elle-même";
        NoSource: "this entry has no `{key}`; give it one, or the dossier one at its top", "cette entrée n'a pas de `{key}` ; donnez-lui-en, ou donnez-en au dossier, en tête";
        UnknownSchema: "schema {n} is not known here; this version reads schema 1", "le schéma {n} n'est pas connu ici ; cette version lit le schéma 1";
        NearLicense: "`{license}` is not an SPDX expression; did you mean `{near}`?", "`{license}` n'est pas une expression SPDX ; vouliez-vous dire `{near}` ?";
        NoLicense: "`{license}` is not an SPDX expression; write `LicenseRef-NAME` for a license without an SPDX id", "`{license}` n'est pas une expression SPDX ; écrivez `LicenseRef-NOM` pour une licence sans identifiant SPDX";
        DigestKind: "`{kind}` is not a digest kind known here; write sha256:HEX", "`{kind}` n'est pas une sorte d'empreinte connue ici ; écrivez sha256:HEX";
        DigestLength: "a SHA-256 digest has 64 hexadecimal digits, the length of this is {n}", "une empreinte SHA-256 a 64 chiffres hexadécimaux, celle-ci est longue de {n}";

        // Profiles.
        Extends: "`{base}` extends another profile itself; extend that one", "`{base}` étend lui-même un autre profil ; étendez celui-là";
        ManyRules: "it has more than {n} rules", "il a plus de {n} règles";
        RuleTwice: "the rule `{id}` stands twice", "la règle `{id}` figure deux fois";
        OfRule: "the rule `{id}`: {why}", "la règle `{id}` : {why}";
        NoCriterion: "it is of criterion `{id}`, which this profile does not have", "elle est du critère `{id}`, que ce profil n'a pas";
        Weight: "its weight must be above 0 and at most 1000", "son poids doit être au-dessus de 0 et d'au plus 1000";
        CheckOrGrades: "it needs `check` or `grades`, one of the two", "il lui faut `check` ou `grades`, l'un des deux";
        Letter: "a `letter` chooses among `grades`, and there are none", "une `letter` choisit parmi des `grades`, et il n'y en a pas";
        Includes: "the criterion `{id}` includes `{other}`, which is no other criterion or rule here", "le critère `{id}` inclut `{other}`, qui n'est ni un autre critère ni une règle ici";
        After: "the criterion `{id}` comes after `{other}`, which does not stand before it", "le critère `{id}` vient après `{other}`, qui n'est pas placé avant lui";
        Points: "the rule `{id}` points at `{other}`, which is no other rule here", "la règle `{id}` renvoie à `{other}`, qui n'est pas une autre règle d'ici";
        LevelAsks: "the level `{id}` asks for criterion `{other}`, which this profile does not have", "le niveau `{id}` demande le critère `{other}`, que ce profil n'a pas";
        LastLevel: "the last level must have no condition, so that every release has one", "le dernier niveau doit être sans condition, pour que toute publication en ait un";
        FreeLevel: "the level `{id}` has no condition: every release would have it, and none a lower one", "le niveau `{id}` est sans condition : toute publication l'aurait, et aucune un plus bas";
        Decimals: "scores are rounded to at most 9 decimals", "les notes sont arrondies à 9 décimales au plus";
        ListTakes: "the list `{id}` takes in `{other}`, which is no list of ids and bodies here", "la liste `{id}` reprend `{other}`, qui n'est pas une liste d'identifiants et d'organismes d'ici";
        DeepTests: "tests are nested more than {n} deep", "les tests sont imbriqués sur plus de {n} niveaux";
        AllAndAny: "`all` and `any` need at least one test", "`all` et `any` demandent au moins un test";
        AtLeast: "`at-least` asks for one at least: none is always there", "`at-least` en demande au moins un : zéro y est toujours";
        OneOfThree: "a test has one of `ask`, `all` and `any`, and parameters only beside `ask`", "un test a l'un de `ask`, `all` et `any`, et des paramètres seulement à côté de `ask`";
        NoList: "no list is called `{id}`; write it as `[list.{other}]`", "aucune liste ne s'appelle `{id}` ; écrivez-la `[list.{other}]`";
        Needs: "the check `{id}` needs `{what}`", "le contrôle `{id}` demande `{what}`";
        NoField: "no field is called `{id}`; known are {list}", "aucun champ ne s'appelle `{id}` ; connus sont {list}";
        TakesNone: "the check `{id}` takes no such parameter", "le contrôle `{id}` ne prend pas ce paramètre";
        GradeWorth: "the grade `{id}` must be worth 0 to 1", "le degré `{id}` doit valoir de 0 à 1";
        GradeLess: "the grade `{id}` must be worth less than the one above it", "le degré `{id}` doit valoir moins que celui du dessus";
        GradeTwice: "the grade `{id}` stands twice", "le degré `{id}` figure deux fois";
        Grades: "grades go from one worth 1 down to one worth 0, which alone has no `when`", "les degrés vont d'un qui vaut 1 à un qui vaut 0, et ce dernier seul n'a pas de `when`";
        CheckNear: "no check is called `{id}`; did you mean `{near}`?", "aucun contrôle ne s'appelle `{id}` ; vouliez-vous dire `{near}` ?";
        CheckKnown: "no check is called `{id}`; known are {list}", "aucun contrôle ne s'appelle `{id}` ; connus sont {list}";
        Twice: "the {found} `{id}` stands twice", "le {found} `{id}` figure deux fois";
    }
}
