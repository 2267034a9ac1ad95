//! A desk's events from one table: number, schema, name and fields of each, for this desk and every other.

/// Makes the structs, the enum `Event` and the list `EVENTS` of a table, and says how each is stored.
#[macro_export]
macro_rules! events {
    ($($(#[$doc:meta])* $kind:literal $schema:literal $name:literal $variant:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
            pub struct $variant { $($(#[$fdoc])* pub $field: $type),* }

            impl From<$variant> for Event {
                fn from(event: $variant) -> Self {
                    Self::$variant(event)
                }
            }
        )+

        /// One thing that happened.
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        #[serde(untagged)]
        pub enum Event {
            $($(#[$doc])* $variant($variant)),+
        }

        /// Type number, schema and name of every event, in the order of their numbers.
        pub const EVENTS: &[(u16, u16, &str)] = &[$(($kind, $schema, $name)),+];

        impl $crate::decider::StoredEvent for Event {
            fn kind(&self) -> u16 {
                match self { $(Self::$variant(_) => $kind),+ }
            }

            fn schema(&self) -> u16 {
                match self { $(Self::$variant(_) => $schema),+ }
            }

            fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            fn serialize_payload<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$variant(event) => ::serde::Serialize::serialize(event, serializer)),+ }
            }

            fn deserialize_payload<'de, D: ::serde::Deserializer<'de>>(
                kind: u16,
                schema: u16,
                payload: D,
            ) -> Result<Self, $crate::decider::UnknownEvent<D::Error>> {
                match kind {
                    $($kind => {
                        if schema > $schema {
                            return Err($crate::decider::UnknownEvent::Schema { name: $name, found: schema, known: $schema });
                        }
                        let event: Result<$variant, D::Error> = ::serde::Deserialize::deserialize(payload);
                        event.map(Self::$variant).map_err(|fault| $crate::decider::UnknownEvent::Payload($name, fault))
                    })+
                    unknown => Err($crate::decider::UnknownEvent::Kind(unknown)),
                }
            }
        }
    };
}
