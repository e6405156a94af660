use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::Deserialize;

/// A line's JSON: a message of a combined stream, or the REST depth snapshot.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    pub(super) stream: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) data: Option<Event<'a>>,
    #[serde(rename = "lastUpdateId")]
    pub(super) last_update_id: Option<u64>,
    #[serde(borrow)]
    pub(super) bids: Option<Levels<'a>>,
    #[serde(borrow)]
    pub(super) asks: Option<Levels<'a>>,
    #[serde(borrow)]
    pub(super) symbol: Option<Text<'a>>,
    #[serde(rename = "E")]
    pub(super) sent_ms: Option<i64>,
    #[serde(rename = "T")]
    pub(super) transaction_ms: Option<i64>,
}

/// The fields that depth, bookTicker and trade messages use between them. One letter means different things in
/// different messages, so `b`, `a` and others keep whatever they hold.
#[derive(Deserialize)]
pub(super) struct Event<'a> {
    #[serde(borrow, rename = "e")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(rename = "E")]
    pub(super) sent_ms: Option<i64>,
    #[serde(rename = "T")]
    pub(super) transaction_ms: Option<i64>,
    #[serde(borrow, rename = "s")]
    pub(super) symbol: Option<Text<'a>>,
    #[serde(rename = "U")]
    pub(super) first_id: Option<u64>,
    #[serde(rename = "u")]
    pub(super) last_id: Option<u64>,
    #[serde(rename = "pu")]
    pub(super) previous_id: Option<u64>,
    #[serde(borrow, default, rename = "b")]
    pub(super) bid: Value<'a>,
    #[serde(borrow, default, rename = "B")]
    pub(super) bid_size: Value<'a>,
    #[serde(borrow, default, rename = "a")]
    pub(super) ask: Value<'a>,
    #[serde(borrow, default, rename = "A")]
    pub(super) ask_size: Value<'a>,
    #[serde(borrow, default, rename = "p")]
    pub(super) price: Value<'a>,
    #[serde(borrow, default, rename = "q")]
    pub(super) size: Value<'a>,
    #[serde(rename = "t")]
    pub(super) trade_id: Option<u64>,
    #[serde(rename = "m")]
    pub(super) buyer_is_maker: Option<bool>,
}

/// Price and size of each level as printed.
pub(super) type Levels<'a> = Vec<[&'a str; 2]>;

/// Text that is borrowed unless it has escapes in it.
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A field whose kind depends on the message.
#[derive(Default)]
pub(super) enum Value<'a> {
    /// Not there.
    #[default]
    Absent,
    /// A number as text.
    Number(&'a str),
    /// Changed levels.
    Levels(Levels<'a>),
    /// The id of trades put together.
    Id(u64),
    /// Something that only messages of other kinds have there.
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number as a string, or an array of levels [\"price\",\"size\"]")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Number(text))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut levels: A) -> Result<Value<'de>, A::Error> {
        let mut all = Vec::new();
        while let Some(level) = levels.next_element()? {
            all.push(level);
        }
        Ok(Value::Levels(all))
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<Value<'de>, E> {
        Ok(Value::Id(id))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}
