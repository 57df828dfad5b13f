//! Where the people live, and what a phone and an address look like there.

use crate::sandbox::names::{self, Names};

/// A country in the three forms in which answers name it.
#[derive(Debug, PartialEq, Eq)]
pub struct Nation {
    pub alpha2: &'static str,
    pub alpha3: &'static str,
    pub name: &'static str,
}

/// A country whose people the pretend partner verifies.
#[derive(Debug)]
pub struct Country {
    pub nation: Nation,
    pub names: &'static Names,
    /// Beginning of a phone number and how many digits follow: ranges kept for fiction where the country has one,
    /// and otherwise numbers that no subscriber has.
    pub phone: (&'static str, usize),
    pub streets: &'static [&'static str],
    /// City, state, beginning of the postal code.
    pub cities: &'static [(&'static str, &'static str, &'static str)],
    /// Digits that complete a postal code.
    pub postal_digits: usize,
    /// Kinds of card of its own people, with their weights.
    pub cards: &'static [(u32, Kind)],
}

/// Kinds of card that people show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The card of Mexico's electoral institute, the INE.
    VoterCard,
    NationalId,
    Passport,
    DriverLicense,
    ResidentCard,
}

/// Whose people live in one of the Spanish-speaking countries below, with papers of their own nation or of a resident.
pub static ABROAD: [Nation; 6] = [
    nation("VE", "VEN", "Venezuela"),
    nation("CO", "COL", "Colombia"),
    nation("AR", "ARG", "Argentina"),
    nation("CU", "CUB", "Cuba"),
    nation("GT", "GTM", "Guatemala"),
    nation("HN", "HND", "Honduras"),
];

const fn nation(alpha2: &'static str, alpha3: &'static str, name: &'static str) -> Nation {
    Nation { alpha2, alpha3, name }
}

const EUROPEAN_CARDS: &[(u32, Kind)] =
    &[(55, Kind::NationalId), (30, Kind::Passport), (15, Kind::DriverLicense)];

static MEXICO: Country = Country {
    nation: nation("MX", "MEX", "Mexico"),
    names: &names::SPANISH,
    phone: ("+525500", 6),
    streets: &[
        "Av. Insurgentes Sur",
        "Calle Benito Juárez",
        "Av. 5 de Mayo",
        "Calle Niños Héroes",
        "Calle Fray Servando",
        "Blvd. Miguel Alemán",
        "Privada Jacarandas",
        "Calle Río Pánuco",
    ],
    cities: &[
        ("Ciudad de México", "CDMX", "06"),
        ("Guadalajara", "Jalisco", "44"),
        ("Monterrey", "Nuevo León", "64"),
        ("Mérida", "Yucatán", "97"),
        ("León", "Guanajuato", "37"),
        ("Querétaro", "Querétaro", "76"),
        ("Tuxtla Gutiérrez", "Chiapas", "29"),
        ("Culiacán", "Sinaloa", "80"),
    ],
    postal_digits: 3,
    cards: &[(68, Kind::VoterCard), (21, Kind::Passport), (11, Kind::DriverLicense)],
};

static DOMINICAN_REPUBLIC: Country = Country {
    nation: nation("DO", "DOM", "Dominican Republic"),
    names: &names::SPANISH,
    phone: ("+180955501", 2),
    streets: &["Calle El Conde", "Av. Máximo Gómez", "Calle Duarte", "Av. 27 de Febrero"],
    cities: &[
        ("Santo Domingo", "Distrito Nacional", "10"),
        ("Santiago de los Caballeros", "Santiago", "51"),
        ("La Romana", "La Romana", "22"),
        ("San Pedro de Macorís", "San Pedro de Macorís", "21"),
    ],
    postal_digits: 3,
    cards: &[(70, Kind::NationalId), (25, Kind::Passport), (5, Kind::DriverLicense)],
};

static UNITED_STATES: Country = Country {
    nation: nation("US", "USA", "United States"),
    names: &names::ENGLISH,
    phone: ("+121255501", 2),
    streets: &["Maple Street", "Lincoln Avenue", "Cedar Lane", "2nd Street", "Lakeview Drive"],
    cities: &[
        ("Austin", "TX", "787"),
        ("El Paso", "TX", "799"),
        ("Chicago", "IL", "606"),
        ("Los Angeles", "CA", "900"),
    ],
    postal_digits: 2,
    cards: &[(60, Kind::DriverLicense), (40, Kind::Passport)],
};

static SPAIN: Country = Country {
    nation: nation("ES", "ESP", "Spain"),
    names: &names::SPANISH,
    phone: ("+34600000", 3),
    streets: &["Calle Mayor", "Calle de Alcalá", "Avenida de la Constitución", "Plaza de España"],
    cities: &[
        ("Madrid", "Madrid", "280"),
        ("Málaga", "Málaga", "290"),
        ("A Coruña", "A Coruña", "150"),
        ("València", "València", "460"),
    ],
    postal_digits: 2,
    cards: EUROPEAN_CARDS,
};

static PORTUGAL: Country = Country {
    nation: nation("PT", "PRT", "Portugal"),
    names: &names::PORTUGUESE,
    phone: ("+351900000", 3),
    streets: &["Rua Augusta", "Avenida da Liberdade", "Rua de São Bento"],
    cities: &[("Lisboa", "Lisboa", "11"), ("Porto", "Porto", "40"), ("Guimarães", "Braga", "48")],
    postal_digits: 2,
    cards: EUROPEAN_CARDS,
};

static FRANCE: Country = Country {
    nation: nation("FR", "FRA", "France"),
    names: &names::FRENCH,
    phone: ("+3363998", 4),
    streets: &["Rue de l'Église", "Avenue Jean Jaurès", "Rue du Général Leclerc"],
    cities: &[
        ("Paris", "Île-de-France", "750"),
        ("Nîmes", "Occitanie", "300"),
        ("Besançon", "Bourgogne-Franche-Comté", "250"),
    ],
    postal_digits: 2,
    cards: EUROPEAN_CARDS,
};

static GERMANY: Country = Country {
    nation: nation("DE", "DEU", "Germany"),
    names: &names::GERMAN,
    phone: ("+49176040690", 2),
    streets: &["Hauptstraße", "Bahnhofstraße", "Goethestraße", "Am Mühlbach"],
    cities: &[
        ("Köln", "Nordrhein-Westfalen", "506"),
        ("München", "Bayern", "803"),
        ("Tübingen", "Baden-Württemberg", "720"),
    ],
    postal_digits: 2,
    cards: EUROPEAN_CARDS,
};

static POLAND: Country = Country {
    nation: nation("PL", "POL", "Poland"),
    names: &names::POLISH,
    phone: ("+48500000", 3),
    streets: &["ul. Długa", "ul. Piłsudskiego", "ul. Słowackiego"],
    cities: &[
        ("Kraków", "małopolskie", "30"),
        ("Łódź", "łódzkie", "90"),
        ("Wrocław", "dolnośląskie", "50"),
    ],
    postal_digits: 3,
    cards: EUROPEAN_CARDS,
};

/// The countries with their weights.
pub static COUNTRIES: [(u32, &Country); 8] = [
    (60, &MEXICO),
    (14, &DOMINICAN_REPUBLIC),
    (8, &UNITED_STATES),
    (6, &SPAIN),
    (3, &PORTUGAL),
    (3, &FRANCE),
    (3, &GERMANY),
    (3, &POLAND),
];
