//! The TypeScript side of the memory map as text: constants and the accessors of a frame.

use std::fmt::{Result, Write};

use tickwright_engine::layout::{cell, fields, hit, instrument_cell, status, FieldKind};
use tickwright_engine::layout::{
    COMMAND_CELLS, EVENT_CELLS, FRAME_CELLS, INSTRUMENTS_AT, INSTRUMENT_CELLS, ORDER_CELLS, ORDER_SLOTS,
};

/// All of `ts/src/engine/layout.generated.ts`.
pub fn generated() -> String {
    let mut text = String::new();
    write_all(&mut text).expect("a String takes whatever is written");
    text
}

fn write_all(out: &mut String) -> Result {
    writeln!(
        out,
        "// Generated from crates/engine/src/layout by `cargo run -p tickwright-engine --example generate_frame`."
    )?;
    writeln!(out, "// Do not edit: a test of the crate compares it with its source.\n")?;
    places(out)?;
    bits(out)?;
    accessors(out)
}

fn places(out: &mut String) -> Result {
    constants(
        out,
        "SIZE",
        &[
            ("FRAME_CELLS", FRAME_CELLS),
            ("COMMAND_CELLS", COMMAND_CELLS),
            ("EVENT_CELLS", EVENT_CELLS),
            ("ORDER_CELLS", ORDER_CELLS),
            ("ORDER_SLOTS", ORDER_SLOTS),
            ("INSTRUMENT_CELLS", INSTRUMENT_CELLS),
            ("INSTRUMENTS_AT", INSTRUMENTS_AT),
        ],
        "Sizes and places in the block, in cells of 8 bytes.",
    )?;
    constants(
        out,
        "CELL",
        &[
            ("COMMANDS", cell::COMMANDS),
            ("EVENTS", cell::EVENTS),
            ("CALL", cell::CALL),
            ("RECORDS", cell::RECORDS),
            ("LIVE_ORDERS", cell::LIVE_ORDERS),
            ("ORDER_ID", cell::ORDER_ID),
            ("POSITION", instrument_cell::POSITION),
            ("STATE", instrument_cell::STATE),
            ("TOP", instrument_cell::TOP),
            ("INDICATORS", instrument_cell::INDICATORS),
        ],
        "Single cells; those of an instrument count from its block.",
    )
}

fn bits(out: &mut String) -> Result {
    let widened = |pairs: &[(&'static str, u32)]| pairs.iter().map(|(n, v)| (*n, *v as usize)).collect::<Vec<_>>();
    constants(
        out,
        "STATUS",
        &widened(&[
            ("ACTION", status::ACTION),
            ("END", status::END),
            ("DRAIN", status::DRAIN),
            ("MORE", status::MORE),
            ("EVENTS", status::EVENTS),
            ("LIVE", status::LIVE),
            ("IDLE", status::IDLE),
            ("LIMIT", status::LIMIT),
        ]),
        "Bits of the status word.",
    )?;
    constants(
        out,
        "HIT",
        &widened(&[
            ("RECORD", hit::RECORD),
            ("LAST", hit::LAST),
            ("TRADE", hit::TRADE),
            ("BEST", hit::BEST),
            ("OWN", hit::OWN),
            ("TIMER", hit::TIMER),
            ("NTH", hit::NTH),
            ("BAR", hit::BAR),
            ("MID", hit::MID),
            ("CROSS", hit::CROSS),
        ]),
        "Bits of the status word that say why a controller is called.",
    )
}

fn constants(out: &mut String, name: &str, pairs: &[(&str, usize)], doc: &str) -> Result {
    writeln!(out, "/** {doc} */\nexport const {name} = {{")?;
    for (key, value) in pairs {
        writeln!(out, "  {key}: {value},")?;
    }
    writeln!(out, "}} as const\n")
}

/// What stands before the accessors: how they reach the memory.
const FRAME_HEAD: &str = "\
/** The fields of a frame as they lie in shared memory; `base` is the frame's first cell. */
export class FrameFields {
  /** First cell of the frame looked at: 0 for the live one. */
  base = 0

  constructor(
    protected readonly cells: Float64Array,
    protected readonly words: Int32Array,
    protected readonly longs: BigInt64Array,
    private readonly fetchDetails: () => void,
  ) {}

  /** Whether details were fetched since the engine last moved. */
  protected detailed = false

  protected details(): void {
    if (this.detailed) return
    this.fetchDetails()
    this.detailed = true
  }
";

fn accessors(out: &mut String) -> Result {
    out.push_str(FRAME_HEAD);
    for field in fields() {
        writeln!(out, "\n  /** {} Unit: {}. */", field.doc, field.unit)?;
        let (name, at) = (field.name, field.cell);
        let (kind, body) = match field.kind {
            FieldKind::Frame => ("number", format!("return this.cells[this.base + {at}] as number")),
            FieldKind::Word { shift, mask } => {
                let word = format!("(this.words[2 * this.base + {at}] as number)");
                ("number", format!("return ({word} >>> {shift}) & {mask:#x}"))
            }
            FieldKind::Detail => ("number", format!("this.details()\n    return this.cells[{at}] as number")),
            FieldKind::DetailLong => ("bigint", format!("this.details()\n    return this.longs[{at}] as bigint")),
        };
        writeln!(out, "  get {name}(): {kind} {{\n    {body}\n  }}")?;
    }
    writeln!(out, "}}")
}
