//! The help of the command line in French, by command and argument; the English stands where each is declared.

/// Commands: name, what each does, and what stands below its help.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    (
        "ouvert",
        "Audite une publication de modèle d'IA et dit, preuves à l'appui, si elle joue cartes sur table : chacun peut-il s'en servir à toute fin (licence sans restriction), les jeux de données d'entraînement sont-ils publiés, quelqu'un d'autre peut-il refaire l'entraînement (recette reproductible) ?",
        "Codes de sortie : 0 audité, et le seuil est atteint ; 1 audité, et un seuil n'est pas atteint ou une empreinte diffère ; 2 audit impossible.",
    ),
    (
        "audit",
        "Auditer une publication : recueillir, calculer les empreintes, juger, rendre compte",
        "Exemples :\n  ouvert audit\n  ouvert audit chemin/de/la/publication --verbose\n  ouvert audit hf:ORG/NOM\n  ouvert audit . --format json > rapport.json\n  ouvert audit . --require open-source --output rapport.json\n\nCodes de sortie : 0 audité, les empreintes tiennent et le seuil est atteint ; 1 un seuil n'est pas atteint ou une empreinte diffère ; 2 audit impossible.",
    ),
    (
        "verify",
        "Calculer les empreintes des fichiers et les comparer à toutes celles qui sont publiées",
        "Compare chaque fichier à chaque empreinte publiée : ouvert.toml, SHA256SUMS et ses semblables, *.sha256,\nchecklist.chk, pointeurs Git LFS, ce que le client du hub garde à côté d'un téléchargement, et manifestes signés (model.sig).\n\nD'une signature, trois choses sont dites à part : si les fichiers sont ceux qui ont été signés, si la signature est vérifiée,\net si le signataire est celui attendu. Rien n'est vérifié sans une clé ou une racine que vous donnez :\n  ouvert verify . --public-key signataire.pub\n  ouvert verify . --certificate-chain racines.pem --identity signataire@example.org\n  ouvert verify . --trust-root trusted_root.json --identity NOM --identity-provider URL\n\nUne très grande publication se partage : chaque part lit certains de ses fichiers (d'après leur taille, les mêmes à chaque fois)\net reprend là où elle s'est arrêtée ; puis toutes sont réunies, comme si un seul processus avait tout lu :\n  ouvert verify PUBLICATION --shard 3/8 --output DOSSIER\n  ouvert verify PUBLICATION --from DOSSIER\n\nCodes de sortie : 0 rien ne diffère, rien de listé ne manque et aucune signature n'est rompue (avec --strict : tous les\nfichiers sont vérifiés ; avec une clé, une racine ou une identité : une signature est vérifiée par elle) ; 1 sinon ;\n2 vérification impossible. D'une part : 0 tous ses fichiers sont lus ; 1 certains sont illisibles ; 2 elle n'est pas finie.",
    ),
    (
        "certify",
        "Auditer, et si le niveau est atteint, en écrire un certificat signé",
        "Écrit une déclaration in-toto sur chaque fichier et son SHA-256, dans une enveloppe DSSE : le niveau atteint, les critères, le\nprofil et les éléments probants avec leurs empreintes, l'outil et la date. Chaque fichier est lu pour cela ; rien n'est écrit si le\nniveau n'est pas atteint ou si une empreinte publiée diffère.\n\nFaire une clé :\n  openssl genpkey -algorithm ed25519 -out cle.pem\n  openssl pkey -in cle.pem -pubout -out cle.pub\n\nExemples :\n  ouvert certify . --key cle.pem --output certificat.json\n  ouvert check-certificate certificat.json . --public-key cle.pub\n\nCodes de sortie : 0 certifié ; 1 le niveau n'est pas atteint ou une empreinte diffère ; 2 audit ou signature impossible.",
    ),
    (
        "check-certificate",
        "Vérifier un certificat : sa signature, ses fichiers, son profil, et ce qui a changé depuis",
        "Distingue trois choses : si le certificat est signé avec la clé donnée, si les fichiers sont ceux certifiés, ni plus ni moins,\net si le profil d'ici est celui qu'il nomme ; puis chaque fichier qui a changé depuis. Rien n'est lu d'un certificat dont la\nsignature n'est pas valable. `model.sig` a pu venir après.\n\nCodes de sortie : 0 les trois sont valables ; 1 l'une ne l'est pas ; 2 vérification impossible.",
    ),
    (
        "init",
        "Écrire ouvert.toml pour une publication d'après ce qui se voit, empreintes comprises",
        "Exemples :\n  ouvert init chemin/de/la/publication\n  ouvert init . --output -          (à l'écran)",
    ),
    (
        "import",
        "Lire une fiche d'un autre catalogue : en faire un dossier de revue, et dire ce qui n'y va pas",
        "La sortie standard reçoit le dossier de revue, pour `ouvert audit PUBLICATION --dossier FICHIER` ;\nla sortie d'erreur dit ce que donnent les règles du catalogue lui-même, et chaque défaut\navec fichier et ligne. `ouvert audit FICHIER` juge une fiche directement.\n\nExemples :\n  ouvert import mot Model.yml > dossier.toml\n  ouvert import eu-index System.yaml --check\n  ouvert import mot models/*.yml --output dossiers\n  ouvert import cyclonedx model.cdx.json\n\nCodes de sortie : 0 lu ; 1 avec --strict, quand une fiche a des défauts ; 2 une fiche n'a pas pu\nêtre lue (les autres l'ont été).",
    ),
    (
        "explain",
        "Expliquer une règle ou une licence ; sans identifiant, énumérer toutes les règles",
        "Exemples :\n  ouvert explain\n  ouvert explain data-complete\n  ouvert explain llama3.1\n  ouvert explain --text LICENSE",
    ),
    (
        "frameworks",
        "Énumérer les profils : version, origine, ce que chacun demande, et son rapport aux trois critères",
        "Exemples :\n  ouvert frameworks\n  ouvert frameworks mof\n  ouvert audit . --profile mof --profile osaid\n  ouvert explain --profile mof",
    ),
    (
        "diff",
        "Comparer deux rapports, ou deux publications : ce qui s'est ouvert, ce qui s'est fermé",
        "Exemples :\n  ouvert diff rapport-1.0.json rapport-1.1.json\n  ouvert diff hf:ORG/NOM@v1 hf:ORG/NOM@v2\n  ouvert diff rapport.json . --format json\n  ouvert diff ancien.json nouveau.json --format markdown > commentaire.md\n\nCe dont on a vu que ce n'était pas le cas et qu'on ne peut plus dire n'est pas un progrès ; ce qui était acquis et qu'on ne peut\nplus dire est un recul.\n\nCodes de sortie : 0 rien n'a empiré ; 1 quelque chose a empiré ; 2 comparaison impossible.",
    ),
    (
        "survey",
        "Auditer beaucoup de publications, une ligne JSON chacune ; reprend là où l'on s'est arrêté",
        "Chaque publication est une ligne de DOSSIER/rows-*.jsonl, écrite dès qu'elle est faite ; ce qui échoue est dans DOSSIER/failed-*.jsonl.\nUne enquête arrêtée, ou dont une partie a échoué, reprend par la même commande : ce qui est fait n'est pas refait.\n\nRecueillir là où est le réseau, juger là où sont les cœurs :\n  ouvert survey liste.txt --collect-only --output elements\n  ouvert survey elements --output enquete\n\nExemples :\n  ouvert survey liste.txt --output enquete\n  ouvert survey dossier/de/publications --output enquete\n  ouvert survey 'hf:ORG/*' --output enquete\n  ouvert survey liste.txt --output enquete --shard 3/16\n\nCodes de sortie : 0 chaque publication est faite ; 1 chacune est faite ou dite en échec ; 2 l'enquête n'est pas allée au bout.",
    ),
    (
        "merge",
        "Réunir les lots d'une enquête : un tableau, et la page qui classe ses publications",
        "Les lignes d'une fusion suivent l'ordre des noms des publications : autant de lots qu'on veut donnent ce qu'un seul aurait donné.\nCe qui a échoué est une ligne aussi. Les fichiers sont mis à leur place une fois entiers.\n\nExemples :\n  ouvert merge enquete\n  ouvert merge enquete --output enquete.parquet --output enquete.html\n  ouvert merge noeud-1/enquete noeud-2/enquete --output enquete.jsonl\n  sbatch --array=$(ouvert merge enquete --missing) job.sh\n\nCodes de sortie : 0 réunis ; 1 avec --missing : il manque des lots ; 2 fusion impossible.",
    ),
    (
        "render",
        "Montrer un rapport enregistré sous un autre format",
        "Exemples :\n  ouvert render rapport.json --lang fr\n  ouvert render --schema > report.schema.json",
    ),
    (
        "template",
        "Écrire un script ou un manifeste qui fait tourner des parts sur une grappe",
        "Exemples :\n  ouvert template slurm > ouvert.slurm.sh && chmod +x ouvert.slurm.sh\n  WORK=survey LIST=liste.txt OUT=/scratch/enquete SHARDS=64 ./ouvert.slurm.sh\n  ouvert template kubernetes > ouvert.yaml",
    ),
    (
        "completions",
        "Écrire le script de complétion d'un shell",
        "Exemple : ouvert completions bash > ~/.local/share/bash-completion/completions/ouvert",
    ),
    ("man", "Écrire la page de manuel (roff)", "Exemple : ouvert man > ouvert.1 && man ./ouvert.1"),
];

/// Arguments: command and id, the name of the value where it has one, help.
pub const ARGUMENTS: &[(&str, &str, &str)] = &[
    (
        "ouvert color",
        "QUAND",
        "Couleur : auto (dans un terminal, sauf si NO_COLOR est là), always (toujours) ou never (jamais)",
    ),
    (
        "ouvert lang",
        "LANGUE",
        "Langue de l'écran : en ou fr [par défaut : d'après OUVERT_LANG, LC_ALL, LC_MESSAGES ou LANG]",
    ),
    ("ouvert help", "", "Montrer l'aide"),
    ("ouvert version", "", "Montrer la version"),
    (
        "audit targets",
        "CIBLE",
        "Un dossier, un dépôt du hub (hf:ORG/NOM[@REV], hf:datasets/ORG/NOM, l'URL de sa page), une publication d'un stockage d'objets (s3://COMPARTIMENT/PRÉFIXE, gs://COMPARTIMENT/PRÉFIXE, az://CONTENEUR/PRÉFIXE), des éléments probants enregistrés avec --save-evidence, ou une fiche que `ouvert import` lit : d'un catalogue, un document CycloneDX d'un modèle, une fiche Croissant d'un jeu de données. De plusieurs, celle qui ne peut être auditée n'arrête pas les autres",
    ),
    (
        "audit profile",
        "ID|FICHIER",
        "Juger d'après ce profil : un identifiant de `ouvert frameworks`, ou un fichier TOML. Peut être répété : les mêmes éléments probants, plusieurs profils",
    ),
    (
        "audit dossier",
        "FICHIER",
        "Prendre aussi en compte ce que dit de la publication le dossier d'une revue : des faits avec leurs sources, et des clarifications de ce que l'audit laisse ouvert (peut être répété)",
    ),
    ("audit format", "FORMAT", "Format de la sortie standard"),
    (
        "audit output",
        "FICHIER",
        "Écrire aussi FICHIER, au format que dit son extension, ou FORMAT=FICHIER (peut être répété)",
    ),
    (
        "audit policy",
        "FICHIER",
        "Une politique : ce qui doit être atteint, et ce à quoi il est dérogé, par qui, pourquoi et jusqu'à quand",
    ),
    (
        "audit baseline",
        "FICHIER",
        "Un rapport antérieur, enregistré en JSON : n'échouer (code 1) que sur ce qui a empiré depuis",
    ),
    ("audit require", "NIVEAU", "Échouer (code 1) sauf si le verdict est ce niveau ou un plus haut"),
    ("audit fail_under", "NOTE", "Échouer (code 1) quand la note globale est plus basse, de 0 à 100"),
    ("audit offline", "", "Ne jamais se servir du réseau : lire le cache du hub, et les réponses gardées d'avant"),
    (
        "audit download",
        "",
        "Récupérer chaque fichier d'un dépôt du hub, ou d'un stockage d'objets, et calculer son empreinte ; rien n'est gardé",
    ),
    ("audit no_hash", "", "Ne pas calculer d'empreintes : celles qui sont publiées restent non vérifiées"),
    (
        "audit trust_cache",
        "",
        "Ne pas relire un fichier qui n'a pas changé depuis sa dernière empreinte, d'après son système de fichiers (périphérique, inode, octets, les deux dates). Ce qui s'abîme sur le disque n'est alors pas vu",
    ),
    (
        "audit cache_max_age",
        "DURÉE",
        "Avec --trust-cache, relire quand même un fichier dont l'empreinte est plus vieille : 12h, 7d, 4w [par défaut : 30d]",
    ),
    ("audit save_evidence", "FICHIER", "Enregistrer les éléments probants, pour juger ailleurs"),
    ("audit public_key", "FICHIER", "Vérifier une signature faite avec une clé : la clé publique en PEM"),
    (
        "audit certificate_chain",
        "FICHIER",
        "Vérifier une signature faite avec un certificat : la racine de confiance, et des intermédiaires, en PEM (répétable)",
    ),
    (
        "audit trust_root",
        "FICHIER",
        "Vérifier une signature sans clé : la racine de confiance de l'instance Sigstore (trusted_root.json)",
    ),
    (
        "audit identity",
        "NOM",
        "Qui doit avoir signé : un nom du certificat (adresse, URI, sujet), ou l'empreinte d'une clé (sha256:HEX)",
    ),
    ("audit identity_provider", "URL", "Qui doit répondre d'un signataire sans clé : l'URL du fournisseur d'identité"),
    ("audit signature", "FICHIER", "La signature à examiner, à la place de celles de la publication"),
    ("audit jobs", "N", "Fichiers lus à la fois pour leur empreinte [par défaut : un par cœur]"),
    ("audit quiet", "", "Montrer le verdict sur une ligne"),
    ("audit verbose", "", "Montrer aussi tout ce qui est acquis, chaque fichier et chaque jeu de données"),
    (
        "certify target",
        "CIBLE",
        "Un dossier, un dépôt du hub avec --download, ou une publication d'un stockage d'objets (s3://COMPARTIMENT/PRÉFIXE, gs://COMPARTIMENT/PRÉFIXE, az://CONTENEUR/PRÉFIXE)",
    ),
    ("certify key", "FICHIER", "La clé privée qui signe : Ed25519 ou ECDSA P-256 en PEM, non chiffrée"),
    ("certify require", "NIVEAU", "Le niveau qui doit être atteint [par défaut : le plus haut du profil]"),
    (
        "certify profile",
        "ID|FICHIER",
        "Juger d'après ce profil : un identifiant de `ouvert frameworks`, ou un fichier TOML",
    ),
    ("certify output", "FICHIER", "Écrire le certificat dans FICHIER, pas sur la sortie standard"),
    ("certify offline", "", "Ne jamais se servir du réseau : lire le cache du hub, et les réponses gardées d'avant"),
    (
        "certify download",
        "",
        "D'un dépôt du hub, récupérer aussi chaque fichier et calculer son empreinte ; rien n'est gardé",
    ),
    ("certify jobs", "N", "Fichiers lus à la fois pour leur empreinte [par défaut : un par cœur]"),
    ("certify quiet", "", "Ne rien dire d'autre que les erreurs à côté du certificat"),
    ("check-certificate certificate", "CERTIFICAT", "Le certificat que `ouvert certify` a écrit"),
    (
        "check-certificate target",
        "CIBLE",
        "Le dossier de la publication, `hf:ORG/NOM[@REV]` dans le cache du hub, ou la publication dans un stockage d'objets",
    ),
    ("check-certificate public_key", "FICHIER", "La clé publique de qui a certifié, en PEM"),
    (
        "check-certificate profile",
        "ID|FICHIER",
        "Le profil d'ici, un fichier TOML, quand le certificat n'en nomme aucun de `ouvert frameworks`",
    ),
    ("check-certificate format", "FORMAT", "Format de la sortie standard"),
    ("check-certificate jobs", "N", "Fichiers lus à la fois pour leur empreinte [par défaut : un par cœur]"),
    ("check-certificate quiet", "", "Montrer les réponses sur une ligne"),
    ("check-certificate verbose", "", "Montrer chaque fichier qui a changé, avec les deux empreintes"),
    ("diff old", "ANCIEN", "Le premier : un rapport enregistré en JSON, ou une cible de `ouvert audit`"),
    ("diff new", "NOUVEAU", "Le second"),
    (
        "diff profile",
        "ID|FICHIER",
        "Le profil selon lequel juger les cibles [par défaut : celui du rapport qui est à côté, sinon three-criteria]",
    ),
    ("diff format", "FORMAT", "Format de la sortie standard"),
    ("diff offline", "", "Ne jamais se servir du réseau : lire le cache du hub, et les réponses gardées d'avant"),
    ("diff no_hash", "", "Ne pas calculer d'empreintes : celles qui sont publiées restent non vérifiées"),
    ("diff quiet", "", "Montrer une ligne"),
    ("diff verbose", "", "Montrer chaque changement"),
    (
        "survey list",
        "LISTE",
        "Un fichier de texte avec une cible de `ouvert audit` par ligne (`#` commence un commentaire), `-` pour l'entrée standard, un dossier de publications ou d'éléments probants enregistrés, le cache du hub, ce que --collect-only a écrit, les statistiques du hub en Parquet (`models.parquet`), une organisation du hub (`hf:ORG/*`) ou une recherche (`hf:?search=TEXTE`)",
    ),
    ("survey output", "DOSSIER", "Le dossier où écrire ; créé s'il n'existe pas"),
    (
        "survey profile",
        "ID|FICHIER",
        "Juger d'après ce profil : un identifiant de `ouvert frameworks`, ou un fichier TOML",
    ),
    ("survey collect_only", "", "Garder les éléments probants de chaque publication et ne rien juger"),
    (
        "survey shard",
        "K/N|auto[/N]",
        "Faire la part K sur N, à partir de 1 ; `auto` prend K de ce qui lance la tâche (Slurm, Kubernetes, AWS Batch, GitLab, ou OUVERT_SHARD_INDEX, à partir de 0) et N de auto/N, de ce avec quoi le dossier a été commencé, ou d'AWS Batch et de GitLab",
    ),
    (
        "survey shard_offset",
        "N",
        "Avec --shard auto, ce qui s'ajoute à l'indice, là où une grappe le borne ; OUVERT_SHARD_OFFSET fait de même",
    ),
    ("survey offline", "", "Ne jamais se servir du réseau : lire le cache du hub, et les réponses gardées d'avant"),
    ("survey no_hash", "", "Ne pas calculer d'empreintes : celles qui sont publiées restent non vérifiées"),
    ("survey jobs", "N", "Publications à la fois [par défaut : une par cœur, 8 avec le réseau]"),
    ("survey quiet", "", "Ne rien dire d'autre que les erreurs"),
    ("survey verbose", "", "Dire où l'on en est, même là où aucune ligne ne peut être récrite"),
    (
        "verify target",
        "CIBLE",
        "Le dossier d'une publication, `hf:ORG/NOM[@REV]` dans le cache du hub, ou une publication d'un stockage d'objets, dont chaque octet est récupéré (s3://COMPARTIMENT/PRÉFIXE, gs://COMPARTIMENT/PRÉFIXE, az://CONTENEUR/PRÉFIXE)",
    ),
    ("verify format", "FORMAT", "Format de la sortie standard"),
    ("verify strict", "", "Échouer (code 1) sauf si tous les fichiers sont vérifiés, les manifestes mis à part"),
    (
        "verify offline",
        "",
        "Ne jamais se servir du réseau (cette commande ne le fait que pour une publication d'un stockage d'objets)",
    ),
    ("verify public_key", "FICHIER", "Vérifier une signature faite avec une clé : la clé publique en PEM"),
    (
        "verify certificate_chain",
        "FICHIER",
        "Vérifier une signature faite avec un certificat : la racine de confiance, et des intermédiaires, en PEM (répétable)",
    ),
    (
        "verify trust_root",
        "FICHIER",
        "Vérifier une signature sans clé : la racine de confiance de l'instance Sigstore (trusted_root.json)",
    ),
    (
        "verify identity",
        "NOM",
        "Qui doit avoir signé : un nom du certificat (adresse, URI, sujet), ou l'empreinte d'une clé (sha256:HEX)",
    ),
    ("verify identity_provider", "URL", "Qui doit répondre d'un signataire sans clé : l'URL du fournisseur d'identité"),
    ("verify signature", "FICHIER", "La signature à examiner, à la place de celles de la publication"),
    ("verify jobs", "N", "Fichiers lus à la fois [par défaut : un par cœur]"),
    (
        "verify trust_cache",
        "",
        "Ne pas relire un fichier qui n'a pas changé depuis sa dernière empreinte, d'après son système de fichiers (périphérique, inode, octets, les deux dates). Ce qui s'abîme sur le disque n'est alors pas vu",
    ),
    (
        "verify cache_max_age",
        "DURÉE",
        "Avec --trust-cache, relire quand même un fichier dont l'empreinte est plus vieille : 12h, 7d, 4w [par défaut : 30d]",
    ),
    (
        "verify shard",
        "K/N|auto[/N]",
        "Faire la part K sur N, à partir de 1 ; `auto` prend K de ce qui lance la tâche (Slurm, Kubernetes, AWS Batch, GitLab, ou OUVERT_SHARD_INDEX, à partir de 0) et N de auto/N, de ce avec quoi le dossier a été commencé, ou d'AWS Batch et de GitLab",
    ),
    (
        "verify shard_offset",
        "N",
        "Avec --shard auto, ce qui s'ajoute à l'indice, là où une grappe le borne ; OUVERT_SHARD_OFFSET fait de même",
    ),
    ("verify output", "DOSSIER", "Avec --shard : le dossier où toutes les parts écrivent ; créé s'il n'existe pas"),
    (
        "verify from",
        "DOSSIER",
        "Ne lire aucun fichier pour son empreinte : prendre celles que toutes les parts ont écrites dans DOSSIER",
    ),
    ("verify quiet", "", "Montrer les nombres sur une ligne"),
    ("verify verbose", "", "Montrer chaque fichier, avec la source de chaque empreinte publiée"),
    (
        "init target",
        "CIBLE",
        "Le dossier d'une publication, ou une publication d'un stockage d'objets, dont le manifeste va à l'écran",
    ),
    ("init output", "FICHIER", "Où écrire [par défaut : ouvert.toml dans la publication ; - pour la sortie standard]"),
    ("init force", "", "Écraser un manifeste qui existe"),
    (
        "init update",
        "",
        "Rafraîchir les empreintes d'un manifeste qui existe, ajouter les fichiers qu'il ne liste pas, garder le reste tel qu'il est écrit",
    ),
    ("import format", "FORMAT", "Le format des fiches"),
    ("import files", "FICHIER", "Des fiches de ce format"),
    (
        "import output",
        "FICHIER|DOSSIER",
        "Écrire le dossier de revue dans FICHIER ; de plusieurs fiches, ou si c'est un dossier, dans NOM.toml pour chacune",
    ),
    ("import check", "", "N'écrire aucun dossier de revue : dire seulement ce que donne la fiche et ce qui n'y va pas"),
    ("import strict", "", "Code de sortie 1 quand une fiche a des défauts"),
    ("explain id", "ID", "Une règle du profil, ou une licence"),
    ("explain profile", "ID|FICHIER", "Le profil dont les règles sont expliquées"),
    ("explain text", "FICHIER", "Reconnaître plutôt le texte de licence de FICHIER"),
    ("frameworks id", "ID", "Ne parler que de ce profil, avec ses niveaux : un identifiant, ou un fichier TOML"),
    ("frameworks format", "FORMAT", "Format de la sortie standard"),
    ("merge folders", "DOSSIER", "Les dossiers qui contiennent les lots d'une même exécution"),
    (
        "merge output",
        "FICHIER",
        "Écrire FICHIER, au format que dit son extension : .jsonl, .parquet ou .html (peut être répété)",
    ),
    (
        "merge missing",
        "",
        "N'écrire que les lots qui manquent, comptés à partir de 0 comme dans un tableau de tâches : 0,3-5,9",
    ),
    ("merge partial", "", "Réunir ce qui est là même s'il manque des lots ; chaque sortie le dit, sauf JSON Lines"),
    (
        "merge profile",
        "ID|FICHIER",
        "Le profil de l'enquête, pour les noms et l'ordre des critères [par défaut : cherché parmi ceux de `ouvert frameworks`]",
    ),
    ("merge quiet", "", "Ne montrer que les erreurs"),
    ("render report", "RAPPORT", "Un rapport enregistré en JSON"),
    ("render format", "FORMAT", "Format de la sortie standard"),
    (
        "render output",
        "FICHIER",
        "Écrire aussi FICHIER, au format que dit son extension, ou FORMAT=FICHIER (peut être répété)",
    ),
    ("render verbose", "", "Montrer aussi tout ce qui est acquis, chaque fichier et chaque jeu de données"),
    ("render schema", "", "Écrire plutôt le schéma JSON d'un rapport"),
    ("template engine", "MOTEUR", "Ce qui fait tourner les parts"),
    ("completions shell", "SHELL", "Le shell"),
];

/// Values that are explained, by argument's id and value.
pub const VALUES: &[(&str, &str)] = &[
    ("engine slurm", "un script : un tableau de tâches, une tâche qui réunit ses parts, puis à nouveau ce qui manque"),
    ("engine kubernetes", "un manifeste : un Job indexé"),
    ("format table", "pour les gens, dans un terminal"),
    ("format json", "pour les programmes : le JSON du rapport ou de la liste"),
    ("format html", "une page pour les gens, complète en elle-même : sans script, sans rien d'ailleurs"),
    ("format mot", "une fiche pour le Model Openness Tool (YAML), que le mainteneur complète et soumet"),
    ("format sarif", "pour l'analyse de code : SARIF 2.1.0, tel que GitHub le prend"),
    ("format junit", "pour ce qui montre des tests : JUnit XML"),
    ("format markdown", "en Markdown, pour une demande de fusion, le résumé d'une étape ou un README"),
    ("format github", "pour GitHub Actions : des annotations, en commandes sur la sortie standard"),
    ("format gitlab", "pour GitLab : un rapport de qualité du code"),
    ("format badge", "une image du verdict (SVG)"),
    ("format badge-json", "le JSON dont shields.io tire un badge"),
    ("format cyclonedx", "une nomenclature du modèle : CycloneDX 1.6 en JSON"),
    ("format spdx", "une nomenclature : SPDX 3.0.1 en JSON-LD, avec ses profils pour l'IA et les jeux de données"),
];

super::words! {
    /// The labels of that help.
    Labels {
        Usage: "Usage:", "Utilisation :";
        Commands: "Commands", "Commandes ";
        Arguments: "Arguments", "Arguments ";
        Options: "Options", "Options ";
        CommandName: "COMMAND", "COMMANDE";
        Default: "[default: {value}]", "[par défaut : {value}]";
        Values: "[possible values: {list}]", "[valeurs possibles : {list}]";
    }
}

/// The help of a command: what it does, and what stands below.
pub fn command(name: &str) -> Option<(&'static str, &'static str)> {
    COMMANDS.iter().find(|(known, ..)| *known == name).map(|(_, about, below)| (*about, *below))
}

/// The help of an argument: the name of its value, and what it does.
pub fn argument(command: &str, id: &str) -> Option<(&'static str, &'static str)> {
    let key = format!("{command} {id}");
    ARGUMENTS.iter().find(|(known, ..)| *known == key).map(|(_, value, help)| (*value, *help))
}

/// What is said of a value of an argument.
pub fn value(id: &str, value: &str) -> Option<&'static str> {
    let key = format!("{id} {value}");
    VALUES.iter().find(|(known, _)| *known == key).map(|(_, help)| *help)
}
