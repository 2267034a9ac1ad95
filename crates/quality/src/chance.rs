//! Chance from a recorded seed: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
//! OOPSLA 2014; constants as in Vigna's public-domain `splitmix64.c`). It stands here in full, so that a draw made today
//! can be made again in ten years, whatever libraries there are by then. Not for secrets.

/// A stream of numbers that follows from its seed alone.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, each as likely as any other (Lemire, "Fast random integer generation in an interval",
    /// 2019: what would be uneven is drawn again). Below nothing there is 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        if end == 0 {
            return 0;
        }
        let uneven = end.wrapping_neg() % end;
        loop {
            let wide = (self.draw() as u128) * (end as u128);
            if (wide as u64) >= uneven {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Mixes a list (Fisher and Yates, as in Knuth, TAOCP 2, 3.4.2 P).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_generator() {
        // The first five of seed 1234567, as given for splitmix64.c at rosettacode.org, "Pseudo-random numbers/Splitmix64".
        let mut chance = Chance::of(1_234_567);
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(expected.map(|_| chance.draw()), expected);
    }

    #[test]
    fn each_number_below_an_end_comes_about_as_often() {
        let (mut chance, mut seen) = (Chance::of(7), [0u32; 6]);
        for _ in 0..6_000 {
            seen[chance.below(6) as usize] += 1;
        }
        assert!(seen.iter().all(|count| (850..1_150).contains(count)), "{seen:?}");
        assert_eq!(chance.below(0), 0);
    }

    #[test]
    fn a_mixed_list_holds_what_it_held() {
        let mut list: Vec<u8> = (0..50).collect();
        Chance::of(3).shuffle(&mut list);
        assert_ne!(list, (0..50).collect::<Vec<_>>());
        list.sort();
        assert_eq!(list, (0..50).collect::<Vec<_>>());
    }
}
