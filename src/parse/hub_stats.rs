//! The hub's daily statistics as a Parquet file: one row a repository, whose column `id` names it (dataset `cfahlgren1/hub-stats`).
//! Nothing else of it is read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};

/// Values read at a time.
const BATCH: usize = 8192;
/// Repositories of one file at most.
const MOST: usize = 20_000_000;
/// Bytes of an id at most; a longer one is none.
const LONGEST: usize = 200;

/// The bytes that every Parquet file begins with.
pub const MAGIC: &[u8] = b"PAR1";

/// The ids of a file of repositories, in its order; a row without one is passed over.
///
/// # Errors
/// A sentence that says why it cannot be read, or has no such column.
pub fn ids<R: ChunkReader + 'static>(file: R) -> Result<Vec<String>, String> {
    // A file that is made to break its reader is no reason to end.
    catch_unwind(AssertUnwindSafe(|| read(file))).unwrap_or_else(|_| Err("Parquet".into()))
}

fn read<R: ChunkReader + 'static>(file: R) -> Result<Vec<String>, String> {
    let wrong = |e: parquet::errors::ParquetError| format!("Parquet, {e}");
    let reader = SerializedFileReader::new(file).map_err(wrong)?;
    let columns = reader.metadata().file_metadata().schema_descr_ptr();
    let at = columns.columns().iter().position(|c| c.path().string() == "id").ok_or("Parquet, id")?;
    let mut out = Vec::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(wrong)?;
        let ColumnReader::ByteArrayColumnReader(mut column) = group.get_column_reader(at).map_err(wrong)? else {
            return Err("Parquet, id".into());
        };
        loop {
            let (mut values, mut levels): (Vec<ByteArray>, Vec<i16>) = (Vec::new(), Vec::new());
            let (rows, _, _) = column.read_records(BATCH, Some(&mut levels), None, &mut values).map_err(wrong)?;
            let sound = values.iter().filter(|v| v.len() <= LONGEST).filter_map(|v| v.as_utf8().ok());
            out.extend(sound.map(str::to_owned));
            if out.len() > MOST {
                return Err(format!("Parquet, {MOST}"));
            }
            if rows == 0 {
                break;
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use parquet::data_type::ByteArrayType;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    fn file(schema: &str, groups: &[&[&str]]) -> Vec<u8> {
        let mut out = Vec::new();
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut writer = SerializedFileWriter::new(&mut out, schema, Arc::default()).unwrap();
        for ids in groups {
            let mut group = writer.next_row_group().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let values: Vec<ByteArray> = ids.iter().map(|id| ByteArray::from(*id)).collect();
            let levels = vec![1; values.len()];
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        writer.close().unwrap();
        out
    }

    const SCHEMA: &str = "message m { optional binary id (UTF8); }";

    #[test]
    fn ids_of_every_row_group() {
        let many: Vec<String> = (0..20_000).map(|i| format!("org/model-{i}")).collect();
        let refs: Vec<&str> = many.iter().map(String::as_str).collect();
        let long = "x".repeat(LONGEST + 1);
        let bytes = file(SCHEMA, &[&["a/b", &long], &refs]);
        let found = ids(Bytes::from(bytes)).unwrap();
        assert_eq!((found.len(), found[0].as_str(), found[20_000].as_str()), (20_001, "a/b", "org/model-19999"));
    }

    #[test]
    fn what_is_broken_or_something_else_is_told() {
        let whole = file(SCHEMA, &[&["a/b", "c/d"]]);
        for cut in 0..whole.len() {
            assert!(ids(Bytes::from(whole[..cut].to_vec())).is_err(), "{cut}");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut other = whole.clone();
                other[at] ^= 1 << bit;
                // Whatever comes of it, it comes back.
                let _ = ids(Bytes::from(other));
            }
        }
        let other = file("message m { optional binary name (UTF8); }", &[&["a/b"]]);
        assert_eq!(ids(Bytes::from(other)).unwrap_err(), "Parquet, id");
    }
}
