//! Runs one piece of the hot path so many times, for `cargo xtask bench --quick`, which counts instructions:
//! `hot_path PIECE TIMES`. Without arguments it lists the pieces, each with the times that are enough.

#![allow(
    clippy::unwrap_used,
    reason = "this is a benchmark; a panic is a failure with a place"
)]

mod pieces;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let [wanted, times] = arguments.as_slice() else {
        for (name, times, _) in pieces::PIECES {
            println!("{name} {times}");
        }
        return;
    };
    let (_, _, make) = pieces::PIECES
        .into_iter()
        .find(|(name, _, _)| name == wanted)
        .unwrap();
    let mut piece = make();
    for number in 0..times.parse().unwrap() {
        piece(number);
    }
}
