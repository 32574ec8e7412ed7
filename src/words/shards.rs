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
    }
}
