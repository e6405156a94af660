//! Prints the TypeScript side of the memory map: constants and the accessors of a frame.
//!
//! `cargo run -p tickwright-engine --example generate_frame > ts/src/engine/layout.generated.ts`

use tickwright_engine::layout::{cell, fields, hit, instrument_cell, status, FieldKind};
use tickwright_engine::layout::{
    COMMAND_CELLS, EVENT_CELLS, FRAME_CELLS, INSTRUMENTS_AT, INSTRUMENT_CELLS, ORDER_CELLS, ORDER_SLOTS,
};

fn main() {
    println!(
        "// Generated from crates/engine/src/layout by `cargo run -p tickwright-engine --example generate_frame`."
    );
    println!("// Do not edit: the tidy test holds it against its source.\n");
    constants(
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
    );
    constants(
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
    );
    let bits = |pairs: &[(&'static str, u32)]| pairs.iter().map(|(n, v)| (*n, *v as usize)).collect::<Vec<_>>();
    constants(
        "STATUS",
        &bits(&[
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
    );
    constants(
        "HIT",
        &bits(&[
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
    );
    accessors();
}

fn constants(name: &str, pairs: &[(&str, usize)], doc: &str) {
    println!("/** {doc} */\nexport const {name} = {{");
    for (key, value) in pairs {
        println!("  {key}: {value},");
    }
    println!("}} as const\n");
}

fn accessors() {
    println!("/** The fields of a frame as they lie in shared memory; `base` is the frame's first cell. */");
    println!("export class FrameFields {{");
    println!("  /** First cell of the frame looked at: 0 for the live one. */\n  base = 0\n");
    println!("  constructor(");
    println!("    protected readonly cells: Float64Array,");
    println!("    protected readonly words: Int32Array,");
    println!("    protected readonly longs: BigInt64Array,");
    println!("    private readonly fetchDetails: () => void,");
    println!("  ) {{}}\n");
    println!("  /** Whether details were fetched since the engine last moved. */\n  protected detailed = false\n");
    println!("  protected details(): void {{");
    println!("    if (this.detailed) return\n    this.fetchDetails()\n    this.detailed = true\n  }}");
    for field in fields() {
        println!("\n  /** {} Unit: {}. */", field.doc, field.unit);
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
        println!("  get {name}(): {kind} {{\n    {body}\n  }}");
    }
    println!("}}");
}
