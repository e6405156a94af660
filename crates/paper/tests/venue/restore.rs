//! A venue that is saved, restored and continued is the venue that went on.

use proptest::prelude::*;
use tickwright_paper::{FillModel, PaperVenue};

use crate::invariants::{as_fed, session, steps, Step};
use crate::support::Session;

fn play(session: &mut Session, steps: &[Step], quotes: bool) {
    for step in steps {
        session.feed(&as_fed(&step.tick, quotes));
        if let Some(request) = step.request {
            session.send(request);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_restored_venue_goes_on_byte_for_byte(
        steps in steps(), model in 0usize..4, quotes: bool, latency in 0i64..200, cut in 0usize..150,
    ) {
        let model = FillModel::NAMES[model];
        let mut whole = session(model, quotes, latency, "1000");
        let mut parted = whole.clone();
        play(&mut whole, &steps, quotes);
        let (first, second) = steps.split_at(cut.min(steps.len()));
        play(&mut parted, first, quotes);
        let bytes = postcard::to_stdvec(&parted.venue).unwrap();
        parted.venue = postcard::from_bytes::<PaperVenue>(&bytes).unwrap();
        play(&mut parted, second, quotes);
        prop_assert_eq!(&whole.events, &parted.events);
        prop_assert_eq!(postcard::to_stdvec(&whole.venue).unwrap(), postcard::to_stdvec(&parted.venue).unwrap());
    }
}

#[test]
fn an_idle_venue_serialises_small() {
    let session = session("conservative", false, 0, "1000");
    assert!(postcard::to_stdvec(&session.venue).unwrap().len() < 8_192);
}
