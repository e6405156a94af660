//! Paper venue: matching on recorded markets, accounts in exact money.
