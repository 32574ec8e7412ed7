//! How far an audit has come, as long as it works.

super::words! {
    /// What is shown while it works.
    Progress {
        Hashing: "hashing: {parts}", "empreintes : {parts}";
        Fetching: "fetching: {parts}", "récupération : {parts}";
        FileOf: "{n} of {total} file", "{n} sur {total} fichier";
        FilesOf: "{n} of {total} files", "{n} sur {total} fichiers";
        BytesOf: "{n} of {total}", "{n} sur {total}";
        Rate: "{size}/s", "{size}/s";
        Left: "{time} left", "encore {time}";
        LookingUp: "looking up: {parts}", "consultation : {parts}";
        Resting: "{host} asks for {time} of rest", "{host} demande {time} de répit";
        Request: "{n} request", "{n} requête";
        Requests: "{n} requests", "{n} requêtes";
        AndOthers: "{host} and {n} more", "{host} et {n} de plus";
        Sent: "network: requests sent: {sent}, {redirected} of them after a redirect; answers kept from before: {reused}", "réseau : requêtes envoyées : {sent}, dont {redirected} après une redirection ; réponses gardées d'avant : {reused}";

        NoCacheFolder: "every file is read: there is no folder to keep digests in (OUVERT_CACHE)", "chaque fichier est lu : aucun dossier où garder les empreintes (OUVERT_CACHE)";
        CacheBroken: "every file is read: the digests kept from before are broken, or not of this release", "chaque fichier est lu : les empreintes gardées d'avant sont abîmées, ou pas de cette publication";
        CacheForeign: "every file is read: the digests kept from before are somebody else's, or others may write them", "chaque fichier est lu : les empreintes gardées d'avant sont à quelqu'un d'autre, ou d'autres peuvent les écrire";
        CacheSystem: "every file is read: this system tells nothing by which a file is known again", "chaque fichier est lu : ce système ne dit rien à quoi reconnaître un fichier";
        CacheUnwritten: "the digests could not be kept: {why}", "les empreintes n'ont pas pu être gardées : {why}";

        Byte: "{n} byte", "{n} octet";
        Bytes: "{n} bytes", "{n} octets";
        Kilo: "{n} kB", "{n} ko";
        Mega: "{n} MB", "{n} Mo";
        Giga: "{n} GB", "{n} Go";
        Tera: "{n} TB", "{n} To";
        Seconds: "{s} s", "{s} s";
        Minutes: "{min} min {s} s", "{min} min {s} s";
        Hours: "{h} h {min} min", "{h} h {min} min";
    }
}
