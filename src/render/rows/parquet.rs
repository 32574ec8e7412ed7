//! Rows as columns: Apache Parquet, zstd. The columns are those of a row's JSON, flat, in the profile's order; a list is a list of
//! strings, and dates are text as in JSON, for readers differ on a time without a zone. The same rows give the same bytes.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::About;
use crate::survey::{Cell, OF_CRITERION, Row};

/// Rows of a group: what a reader takes in at once; and bytes of its texts, which are held in memory.
const GROUP: usize = 100_000;
const GROUP_BYTES: usize = 128 * 1024 * 1024;
/// Columns that say something else in every row: a dictionary of them helps nobody.
const UNLIKE: [&str; 5] = ["target", "name", "revision", "files_digest", "evidence_digest"];

/// A file of rows, written a group at a time.
pub struct Parquet<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

/// One column, and the values of the group at hand.
struct Column {
    name: String,
    kind: Kind,
    values: Values,
    /// Whether a row has a value; of a list, whether it has an element.
    there: Vec<i16>,
    /// Of a list, 0 where a row begins.
    again: Vec<i16>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of every row.
    Always,
    /// Of some.
    Sometimes,
    /// Any number in a row.
    List,
}

enum Values {
    Text { bytes: Vec<u8>, ends: Vec<usize> },
    Count(Vec<i64>),
    Score(Vec<f64>),
}

/// A value of a row.
enum Value<'a> {
    Text(Option<&'a str>),
    Count(Option<u64>),
    Score(Option<f64>),
    List(&'a [String]),
}

impl Value<'_> {
    /// Bytes of its texts.
    fn bytes(&self) -> usize {
        match self {
            Value::Text(text) => text.map_or(0, str::len),
            // An empty text takes room too.
            Value::List(all) => all.iter().map(|text| text.len() + 16).sum(),
            Value::Count(_) | Value::Score(_) => 0,
        }
    }
}

impl<W: Write + Send> Parquet<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(out: W, about: &About) -> io::Result<Parquet<W>> {
        // A row of nothing tells every column and its kind.
        let empty = Row::default();
        let mut columns = Vec::new();
        each_value(&empty, about, |name, value| columns.push(Column::of(name, &value)));
        let file = schema(&columns).and_then(|schema| SerializedFileWriter::new(out, schema, properties(about)));
        Ok(Parquet { file: file.map_err(cause)?, columns, rows: 0, bytes: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When a group cannot be written.
    pub fn add(&mut self, row: &Row, about: &About) -> io::Result<()> {
        let mut columns = self.columns.iter_mut();
        let mut bytes = 0;
        each_value(row, about, |_, value| {
            bytes += value.bytes();
            if let Some(column) = columns.next() {
                column.push(value);
            }
        });
        self.rows += 1;
        self.bytes += bytes;
        if self.rows == GROUP || self.bytes >= GROUP_BYTES { self.group().map_err(cause) } else { Ok(()) }
    }

    /// Ends the file, and gives back where it was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        if self.rows > 0 {
            self.group().map_err(cause)?;
        }
        self.file.into_inner().map_err(cause)
    }

    fn group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            if let Some(mut writer) = group.next_column()? {
                column.write(&mut writer)?;
                writer.close()?;
            }
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

/// Hands over the values of a row in the order of the columns, each with its name.
fn each_value<'a>(row: &'a Row, about: &About, mut take: impl FnMut(&str, Value<'a>)) {
    use Value::{Count, List, Score, Text};
    take("schema", Count(Some(row.schema.into())));
    take("target", Text(Some(&row.target)));
    take("name", Text(row.name.as_deref()));
    take("organisation", Text(row.organisation.as_deref()));
    take("kind", Text(row.kind.map(kind)));
    take("revision", Text(row.revision.as_deref()));
    take("version", Text(row.version.as_deref()));
    take("created", Text(row.created.as_deref()));
    take("level", Text(row.level.as_deref()));
    take("level_rank", Count(row.level_rank.map(u64::from)));
    take("score", Score(row.score));
    let mut name = String::new();
    for (id, part) in about.criteria.iter().flat_map(|c| OF_CRITERION.iter().map(|part| (c.id.as_str(), *part))) {
        name.clear();
        [id, "_", part].into_iter().for_each(|p| name.push_str(p));
        take(&name, cell(row.criteria.get(&name), part));
    }
    take("not_met", List(&row.not_met));
    take("unknown", List(&row.unknown));
    take("licenses", List(&row.licenses));
    take("bases", List(&row.bases));
    take("datasets", Count(row.datasets));
    take("datasets_public", Count(row.datasets_public));
    take("files", Count(row.files));
    take("bytes", Count(row.bytes));
    take("files_broken", Count(row.files_broken));
    take("gaps", Count(row.gaps));
    take("files_digest", Text(row.files_digest.as_deref()));
    take("evidence_digest", Text(row.evidence_digest.as_deref()));
    take("profile", Text(row.profile.as_deref()));
    take("audited_at", Text(row.audited_at.as_deref()));
    take("failure", Text(row.failure.as_deref()));
    take("failure_kind", Text(row.failure_kind.as_deref()));
}

/// The word for a release's kind.
fn kind(kind: crate::evidence::SubjectKind) -> &'static str {
    match kind {
        crate::evidence::SubjectKind::Model => "model",
        crate::evidence::SubjectKind::Dataset => "dataset",
    }
}

/// A value of a criterion, of the kind that its column has.
fn cell<'a>(cell: Option<&'a Cell>, part: &str) -> Value<'a> {
    let [verdict, score, ..] = OF_CRITERION;
    #[allow(clippy::cast_precision_loss)] // a score without decimals reads as a count
    match (cell, part) {
        (Some(Cell::Word(word)), _) if part == verdict => Value::Text(Some(word)),
        (_, _) if part == verdict => Value::Text(None),
        (Some(Cell::Score(n)), _) if part == score => Value::Score(Some(*n)),
        (Some(Cell::Count(n)), _) if part == score => Value::Score(Some(*n as f64)),
        (_, _) if part == score => Value::Score(None),
        (Some(Cell::Count(n)), _) => Value::Count(Some(*n)),
        _ => Value::Count(None),
    }
}

impl Column {
    /// A column by its name and the kind of a value.
    fn of(name: &str, value: &Value) -> Column {
        let text = || Values::Text { bytes: vec![], ends: vec![] };
        let (kind, values) = match value {
            Value::List(_) => (Kind::List, text()),
            Value::Text(None) => (Kind::Sometimes, text()),
            Value::Text(Some(_)) => (Kind::Always, text()),
            Value::Count(None) => (Kind::Sometimes, Values::Count(vec![])),
            Value::Count(Some(_)) => (Kind::Always, Values::Count(vec![])),
            Value::Score(_) => (Kind::Sometimes, Values::Score(vec![])),
        };
        Column { name: name.to_owned(), kind, values, there: vec![], again: vec![] }
    }

    fn push(&mut self, value: Value) {
        if let Value::List(all) = value {
            self.there.extend(if all.is_empty() { vec![0] } else { vec![1; all.len()] });
            self.again.extend((0..all.len().max(1)).map(|at| i16::from(at > 0)));
            all.iter().for_each(|text| self.text(text));
            return;
        }
        let there = match (value, &mut self.values) {
            (Value::Text(Some(text)), _) => {
                self.text(text);
                true
            }
            // What is more than the type holds stands as the most that it holds.
            (Value::Count(Some(n)), Values::Count(all)) => {
                all.push(i64::try_from(n).unwrap_or(i64::MAX));
                true
            }
            (Value::Score(Some(n)), Values::Score(all)) => {
                all.push(n);
                true
            }
            _ => false,
        };
        self.there.push(there.into());
    }

    fn text(&mut self, text: &str) {
        if let Values::Text { bytes, ends } = &mut self.values {
            bytes.extend_from_slice(text.as_bytes());
            ends.push(bytes.len());
        }
    }

    /// Writes the values of the group, and forgets them.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let there = (self.kind != Kind::Always).then_some(self.there.as_slice());
        let again = (self.kind == Kind::List).then_some(self.again.as_slice());
        match &mut self.values {
            Values::Text { bytes, ends } => {
                let all = ByteArray::from(std::mem::take(bytes));
                let mut start = 0;
                let cut = |end: usize| {
                    let part = all.slice(start, end - start);
                    start = end;
                    part
                };
                let parts: Vec<ByteArray> = std::mem::take(ends).into_iter().map(cut).collect();
                writer.typed::<ByteArrayType>().write_batch(&parts, there, again)?;
            }
            Values::Count(all) => {
                writer.typed::<Int64Type>().write_batch(&std::mem::take(all), there, again)?;
            }
            Values::Score(all) => {
                writer.typed::<DoubleType>().write_batch(&std::mem::take(all), there, again)?;
            }
        }
        self.there.clear();
        self.again.clear();
        Ok(())
    }

    /// Its type in the schema; a list is one of three levels, as all readers know it.
    fn schema(&self) -> Result<Type> {
        let leaf = |name: &str, need: Repetition| {
            let (physical, logical) = match self.values {
                Values::Text { .. } => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                Values::Count(_) => (Physical::INT64, None),
                Values::Score(_) => (Physical::DOUBLE, None),
            };
            Type::primitive_type_builder(name, physical).with_repetition(need).with_logical_type(logical).build()
        };
        let group = |name: &str, need: Repetition, inner: Type, logical: Option<LogicalType>| {
            let builder = Type::group_type_builder(name).with_repetition(need).with_logical_type(logical);
            builder.with_fields(vec![Arc::new(inner)]).build()
        };
        match self.kind {
            Kind::Always => leaf(&self.name, Repetition::REQUIRED),
            Kind::Sometimes => leaf(&self.name, Repetition::OPTIONAL),
            Kind::List => {
                let repeated = group("list", Repetition::REPEATED, leaf("element", Repetition::REQUIRED)?, None)?;
                group(&self.name, Repetition::REQUIRED, repeated, Some(LogicalType::List))
            }
        }
    }
}

fn schema(columns: &[Column]) -> Result<TypePtr> {
    let fields: Vec<TypePtr> = columns.iter().map(|c| c.schema().map(Arc::new)).collect::<Result<_>>()?;
    Type::group_type_builder("row").with_fields(fields).build().map(Arc::new)
}

/// How the file is packed, and what it says of itself: nothing that depends on the number of shards.
fn properties(about: &About) -> Arc<WriterProperties> {
    let run = about.run;
    let mut facts = vec![
        ("tool", format!("{} {}", run.tool.name, run.tool.version)),
        ("list", run.list.digest.clone()),
        ("items", run.list.items.to_string()),
        ("settings", serde_json::to_string(&run.settings).unwrap_or_default()),
        ("schema", run.schema.to_string()),
    ];
    if let Some(profile) = &run.profile {
        facts.push(("profile", format!("{}@{}", profile.id, profile.version)));
        facts.push(("profile_digest", profile.digest.clone()));
    }
    if let Some(lack) = &about.lack {
        facts.push(("partial", lack.en.clone()));
    }
    let facts = facts.into_iter().map(|(key, value)| KeyValue::new(format!("ouvert.{key}"), value)).collect();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(facts));
    for name in UNLIKE {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    Arc::new(builder.build())
}

/// What the system said, where it said something.
fn cause(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
