//! What is said of a part of a run: which one it is, and one huge release whose files are shared out.

super::words! {
    /// Parts.
    Shards {
        Form: "write a part as K/N, K from 1 to N and N at most {n}: 3/16; or auto, or auto/N", "écrivez une part K/N, K de 1 à N et N au plus {n} : 3/16 ; ou auto, ou auto/N";
        OffsetAlone: "`--shard-offset` goes with `--shard auto`", "`--shard-offset` va avec `--shard auto`";
        NoEngine: "`--shard auto` finds no engine that tells which part this is: none of {list} is set", "`--shard auto` ne trouve rien qui dise quelle part c'est : aucune variable parmi {list}";
        Engines: "`--shard auto` finds more than one index, and none is to be guessed: {list}; set {name}", "`--shard auto` trouve plus d'un indice, et rien n'est deviné : {list} ; donnez {name}";
        NoTotal: "{name} tells which part this is and nothing tells of how many: write `--shard auto/N`", "{name} dit quelle part c'est et rien ne dit sur combien : écrivez `--shard auto/N`";
        NoNumber: "{name} is `{value}`, which is no index", "{name} est `{value}`, ce qui n'est pas un indice";
        Beyond: "{name} is {index}, with {offset} added: there is no such part of {n}", "{name} est {index}, plus {offset} : il n'y a pas de telle part sur {n}";

        NoFolder: "`--shard` of one release needs `--output DIR`, the folder that all its parts write to", "`--shard` d'une publication demande `--output DOSSIER`, où toutes ses parts écrivent";
        Nowhere: "{path}: a part must not be written into the release that it hashes", "{path} : une part ne s'écrit pas dans la publication dont elle calcule les empreintes";
        Undated: "{path}: nothing tells when it last changed, so its release cannot be shared out; only one on a disk can", "{path} : rien ne dit quand il a changé, sa publication ne peut donc être partagée ; seule une sur un disque le peut";
        OtherWork: "{path} holds a survey, not what `ouvert verify --shard` hashed", "{path} contient une enquête, pas ce que `ouvert verify --shard` a lu";
        Open: "{path}: {n} of {of} parts are still to be run to their end: {list}", "{path} : {n} sur {of} parts sont encore à mener à leur fin : {list}";
        NoFile: "not a line that `ouvert verify --shard` writes", "pas une ligne qu'écrit `ouvert verify --shard`";
        Twice: "{path} stands in another line too", "{path} figure aussi sur une autre ligne";
        Altered: "not what the part ended with: it was changed since; remove it and the part's `done` file, and run the part again", "pas ce avec quoi la part a fini : changé depuis ; supprimez-le avec le fichier `done` de la part, et relancez-la";
        Changed: "{path} changed since a part hashed it", "{path} a changé depuis qu'une part en a calculé l'empreinte";
        OtherDigests: "{path} was hashed when other digests were published of it", "l'empreinte de {path} a été calculée quand d'autres en étaient publiées";
        NotHashed: "{path} is in no part", "{path} n'est dans aucune part";
        Gone: "{path} was hashed and is no longer there", "{path} a été lu et n'est plus là";
        ListChanged: "files that could not be read have changed since", "des fichiers qui n'ont pu être lus ont changé depuis";
        Files: "part {shard}: {n} of {of} files hashed", "part {shard} : {n} sur {of} fichiers lus";
        Before: "{n} of them before", "dont {n} auparavant";
        Unread: "{n} could not be read", "illisibles : {n}";
        Ended: "{parts}; {path}", "{parts} ; {path}";
    }
}
