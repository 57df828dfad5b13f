//! Names that could be anybody's. Combined by chance, so a real person is met only by accident.

/// The given and family names of one language.
#[derive(Debug)]
pub struct Names {
    pub women: &'static [&'static str],
    pub men: &'static [&'static str],
    pub families: &'static [&'static str],
    /// How many of 1,000 people have a second family name.
    pub second_family: u32,
}

/// Beginnings of special ids, and the names such people gave: what must do no harm in a page or in a spreadsheet.
pub const HOSTILE: [(&str, &str); 2] =
    [("markup-", "<img src=x onerror=alert(1)>"), ("formula-", "=HYPERLINK(\"http://x\")")];

#[rustfmt::skip]
pub static SPANISH: Names = Names {
    women: &[
        "María", "Guadalupe", "Sofía", "Lucía", "Ximena", "Valentina", "Itzel", "Araceli",
        "Inés", "Begoña", "Concepción", "Rocío", "Yolanda", "Estefanía", "Andrea", "Mónica",
        "Renata", "Citlali", "Belén", "Noemí", "Marisol", "Altagracia", "Yesenia", "Verónica",
    ],
    men: &[
        "José", "Ángel", "Jesús", "Andrés", "Nicolás", "Héctor", "Iván", "Óscar",
        "Ramón", "Raúl", "Sebastián", "Emiliano", "Joaquín", "Martín", "Tomás", "Íñigo",
        "Cuauhtémoc", "Rubén", "Efraín", "Agustín", "Gael", "Leonel", "Fermín", "Wilfredo",
    ],
    families: &[
        "Hernández", "García", "Martínez", "López", "González", "Pérez", "Rodríguez", "Sánchez",
        "Ramírez", "Núñez", "Peña", "Muñoz", "Ibáñez", "Ordóñez", "Zúñiga", "Güemes",
        "de la Cruz", "de los Santos", "Ávila", "Íñiguez", "Olvera", "Xolalpa", "Quiñones", "Arriaga",
        "Villaseñor", "Echeverría", "Urrutia", "Tejeda", "Mejía", "Polanco", "Batista", "Encarnación",
        "Yáñez", "Cervantes", "Lozano", "Fuentes", "Becerra", "Castañeda", "Reséndiz", "Tzec",
    ],
    second_family: 950,
};

#[rustfmt::skip]
pub static ENGLISH: Names = Names {
    women: &["Emily", "Hannah", "Grace", "Renée", "Chloë", "Abigail", "Jasmine", "Siobhán"],
    men: &["James", "Ethan", "Tyrone", "Caleb", "Seán", "Dwayne", "Marcus", "Noah"],
    families: &[
        "Walker", "O'Neill", "Bennett", "McAllister", "Nguyen", "Rivera", "Hughes", "Okafor",
        "Smith-Jones", "Castillo", "Patel", "Brown",
    ],
    second_family: 20,
};

#[rustfmt::skip]
pub static PORTUGUESE: Names = Names {
    women: &["Inês", "Conceição", "Beatriz", "Mafalda", "Lurdes", "Catarina"],
    men: &["João", "Tomé", "Gonçalo", "Luís", "Simão", "Duarte"],
    families: &["Gonçalves", "Araújo", "Simões", "Magalhães", "Brandão", "da Conceição", "Lourenço"],
    second_family: 600,
};

#[rustfmt::skip]
pub static FRENCH: Names = Names {
    women: &["Chloé", "Zoé", "Aïcha", "Hélène", "Maëlle", "Françoise"],
    men: &["François", "Théo", "Loïc", "Jérôme", "Gaëtan", "Étienne"],
    families: &["Lefèvre", "Dubois", "Garçon", "Béranger", "Le Goff", "Châtelain", "N'Diaye"],
    second_family: 0,
};

#[rustfmt::skip]
pub static GERMAN: Names = Names {
    women: &["Jürgine", "Käthe", "Änne", "Ulrike", "Zöe", "Friederike"],
    men: &["Jörg", "Günther", "Matthäus", "Søren", "Björn", "Friedrich"],
    families: &["Müller", "Größmann", "Schäfer", "von Bülow", "Jäger", "Weiß", "Yıldız"],
    second_family: 0,
};

#[rustfmt::skip]
pub static POLISH: Names = Names {
    women: &["Małgorzata", "Zofia", "Łucja", "Agnieszka", "Bożena", "Żaneta"],
    men: &["Paweł", "Łukasz", "Michał", "Stanisław", "Józef", "Błażej"],
    families: &["Wiśniewski", "Dąbrowski", "Wójcik", "Zieliński", "Kaźmierczak", "Gałązka"],
    second_family: 0,
};
