#pragma once
// Internal to the room: what embedding, score and index row files have in common.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "claptools/store/embedding_file.hpp"
#include "claptools/store/hdf5/hdf5_input.hpp"
#include "claptools/store/hdf5/hdf5_output.hpp"
#include "claptools/store/scores/score_file.hpp"

namespace claptools {

inline constexpr const char* kScoreFormat = "clap-scores";

/// `format` and `format_version`.
void write_format(hdf5::Output& output, const std::string& format);

/// @throws Error{data} for another format or version, or without `complete` = 1 and not partial.
void check_format(const hdf5::Input& input, const std::string& format, bool partial);

/// The attributes of "/" that describe the model and the run.
void write_header(hdf5::Output& output, const EmbeddingHeader& header);
EmbeddingHeader read_header(const hdf5::Input& input);

/// The part of it that score files have as well: model_name, model_sha256, tool, command, created.
void write_origin(hdf5::Output& output, const EmbeddingHeader& header);
void read_origin(const hdf5::Input& input, EmbeddingHeader& header);

/// @throws Error{data} for a name of a meta column that HDF5 cannot hold.
void require_column_name(const hdf5::Output& output, const std::string& name);

/// Makes the group `meta`. @throws Error{data} for column names that HDF5 cannot hold, or duplicate
/// ones.
void create_meta_group(hdf5::Output& output, const std::vector<std::string>& columns);

/// The group with all its values.
void write_meta(hdf5::Output& output, const std::vector<std::string>& columns,
                const std::vector<std::vector<std::string>>& values);

/// Columns of `meta/` if the file has it. @throws Error{data} unless each has `rows` values.
void read_meta(const hdf5::Input& input, std::size_t rows, std::vector<std::string>& columns,
               std::vector<std::vector<std::string>>& values);

void write_segments(hdf5::Output& output, const std::string& kind,
                    const std::vector<Segment>& segments);

/// `id`, and for audio `start_s` and `end_s`. @throws Error{data} for times that are not a segment.
std::vector<Segment> read_segments(const hdf5::Input& input, const std::string& kind);

/// A column of names. @throws Error{data} for a duplicate, calling it a `kind`.
std::vector<std::string> read_distinct(const hdf5::Input& input, const std::string& name,
                                       const std::string& kind);

/// @throws Error{data} if there are prompts, but not one per class.
Provenance read_score_origin(const hdf5::Input& input, std::size_t classes);

/// Ids of a score file: `id`, or `clip_ids` as reference tools write it.
std::vector<std::string> read_score_ids(const hdf5::Input& input);

/// Ids of the inputs that failed, if the file has a group `errors`.
std::vector<std::string> read_failed(const hdf5::Input& input);

/// Offsets of `rows` parts that cover `total` items. @throws Error{data} unless they begin at 0,
/// never fall and end at `total`.
std::vector<std::uint64_t> read_offsets(const hdf5::Input& input, const std::string& name,
                                        std::size_t rows, std::size_t total);

/// Rows that make a chunk of about 1 MiB.
std::size_t chunk_rows(std::size_t row_bytes);

}  // namespace claptools
