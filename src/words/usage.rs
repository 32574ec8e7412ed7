//! What is said of a command line that cannot be read, and the labels of its help.

super::words! {
    /// Mistakes of a command line.
    Usage {
        Usage: "usage: {usage}", "utilisation : {usage}";
        UnknownArgument: "there is no argument `{arg}` here", "il n'y a pas d'argument `{arg}` ici";
        Similar: "did you mean {list}?", "vouliez-vous dire {list} ?";
        AsValue: "to give it as a value, write `-- {arg}`", "pour le donner comme valeur, écrivez `-- {arg}`";
        NoValue: "`{arg}` needs a value", "`{arg}` demande une valeur";
        WrongValue: "`{value}` is no value of `{arg}`", "`{value}` n'est pas une valeur de `{arg}`";
        WrongBecause: "`{value}` is no value of `{arg}`: {why}", "`{value}` n'est pas une valeur de `{arg}` : {why}";
        Known: "known values: {list}", "valeurs connues : {list}";
        Duration: "a duration is a whole number and its unit: 45s, 30m, 12h, 7d, 4w", "une durée est un nombre entier et son unité : 45s, 30m, 12h, 7d, 4w";
        Missing: "missing: {list}", "il manque : {list}";
        NoCommand: "which command? there are {list}", "quelle commande ? il y a {list}";
        UnknownCommand: "there is no command `{name}`", "il n'y a pas de commande `{name}`";
        Twice: "`{arg}` is given more than once", "`{arg}` est donné plusieurs fois";
        Conflict: "`{arg}` does not go with {list}", "`{arg}` ne va pas avec {list}";
        TooMany: "`{value}` is one value too many for `{arg}`", "`{value}` est une valeur de trop pour `{arg}`";
        SeeHelp: "`{command} --help` shows what there is", "`{command} --help` montre ce qu'il y a";

        Score: "a score is a number from 0 to 100", "une note est un nombre de 0 à 100";
        NoExtension: "the format is not told by the extension; write FORMAT=FILE ({list})", "l'extension ne dit pas le format ; écrivez FORMAT=FICHIER ({list})";
    }
}
