#include "cmd/options/output_name.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/ascii.hpp"

namespace claptools::cmd {
namespace {

struct Format {
  std::string_view name;
  std::string_view endings;  ///< each with a blank on both sides
};

/// What an ending promises.
constexpr std::array kFormats = {
    Format{"HDF5", " h5 hdf5 hdf he5 "},
    Format{"CSV", " csv "},
    Format{"TSV", " tsv tab "},
    Format{"JSON", " json "},
    Format{"JSON Lines", " jsonl ndjson jsonlines "},
    Format{"Text", " txt text "},
    Format{"NumPy", " npy npz "},
    Format{"Parquet", " parquet pq "},
    Format{"Arrow", " arrow feather "},
    Format{"Excel", " xlsx xls ods "},
    Format{"HTML", " html htm xhtml "},
    Format{"SVG", " svg "},
    Format{"a picture", " png jpg jpeg gif webp pdf eps "},
    Format{"XML", " xml "},
    Format{"Markdown", " md "},
    Format{"YAML", " yaml yml toml "},
    Format{"a checkpoint", " pt pth ckpt "},
    Format{"safetensors", " safetensors "},
    Format{"ONNX", " onnx "},
    Format{"MATLAB", " mat "},
    Format{"pickle", " pkl pickle "},
    Format{"FAISS", " faiss "},
    Format{"an index", " clapindex "},
    Format{"a classifier", " clapclass "},
    Format{"labels", " srt vtt textgrid eaf rttm lab "},
    Format{"a playlist", " m3u m3u8 pls "},
    Format{"a database", " db sqlite sqlite3 "},
    Format{"sound", " wav flac mp3 ogg opus m4a aac aif aiff mp4 webm "},
    Format{"an archive", " tar zip 7z rar tgz "},
    Format{"compressed data", " gz bz2 xz zst lz4 "},
};

/// What is written, which endings fit it, and where other formats come from.
struct Writes {
  Content content;
  std::string_view what;
  std::string_view endings;
  std::string_view advice;
};

constexpr std::array kWrites = {
    Writes{Content::embeddings, "HDF5", " h5 hdf5 hdf he5 ",
           "name it .h5 (clap-index export --npy or --tsv makes others of it)"},
    Writes{Content::scores, "HDF5", " h5 hdf5 hdf he5 ", "name it .h5 (-o writes a table)"},
    Writes{Content::neighbours, "HDF5", " h5 hdf5 hdf he5 ", "name it .hdf5"},
    Writes{Content::index, "an index folder", " clapindex ",
           "name it .clapindex (clap-index export makes others of it)"},
    Writes{Content::classifier, "a classifier", " clapclass h5 hdf5 hdf he5 ",
           "name it .clapclass"},
    Writes{Content::model, "a model folder", "", "leave the ending out"},
    Writes{Content::model_or_checkpoint, "a model folder or, for .pt, a checkpoint", " pt ",
           "leave the ending out, or name it .pt"},
    Writes{Content::checkpoint, "a checkpoint", " pt pth ckpt ", "name it .pt"},
    Writes{Content::table, "a table with tabs", " tsv tab txt text ",
           "name it .tsv (--format csv and --format jsonl write others)"},
    Writes{Content::csv, "CSV", " csv txt text ", "name it .csv"},
    Writes{Content::json_lines, "JSON Lines", " jsonl ndjson jsonlines json txt text ",
           "name it .jsonl"},
    Writes{Content::json, "JSON", " json jsonl ndjson jsonlines txt text ", "name it .json"},
    Writes{Content::vectors, "NumPy", " npy ", "name it .npy"},
    Writes{Content::parquet, "Parquet", " parquet pq ", "name it .parquet"},
    Writes{Content::page, "HTML", " html htm xhtml ", "name it .html"},
    Writes{Content::picture, "SVG", " svg ", "name it .svg"},
    Writes{Content::test_results, "XML", " xml ", "name it .xml"},
    Writes{Content::playlist, "a playlist", " m3u m3u8 ", "name it .m3u"},
};

bool lists(std::string_view endings, const std::string& ending) {
  return endings.find(" " + ending + " ") != std::string_view::npos;
}

}  // namespace

std::string ending_of(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().native();
  if (path.ends_with('/')) ending = std::filesystem::path(path).parent_path().extension().native();
  return ending.empty() ? ending : ascii_lower(ending.substr(1));
}

void require_fitting_name(const std::string& path, std::string_view what, std::string_view endings,
                          std::string_view advice) {
  const std::string ending = ending_of(path);
  if (ending.empty() || lists(endings, ending)) return;
  const auto promised = std::ranges::find_if(
      kFormats, [&](const Format& format) { return lists(format.endings, ending); });
  if (promised == kFormats.end()) return;
  throw Error(Fault::usage, path,
              "the name promises " + std::string(promised->name) + ", but " + std::string(what) +
                  " is written; " + std::string(advice));
}

void require_fitting_name(const std::string& path, Content content) {
  const auto writes = std::ranges::find(kWrites, content, &Writes::content);
  require_fitting_name(path, writes->what, writes->endings, writes->advice);
}

void require_no_input(const std::string& output, const std::vector<std::string>& inputs) {
  if (output.empty() || output == "-") return;
  std::error_code code;
  if (!std::filesystem::is_regular_file(output, code) &&
      !std::filesystem::is_directory(output, code))
    return;
  for (const std::string& input : inputs) {
    if (input == "-" || !std::filesystem::equivalent(output, input, code) || code) continue;
    throw Error(Fault::usage, output, "is the input " + input + "; give the output another name");
  }
}

void require_one_stream(const std::vector<std::string>& inputs) {
  if (std::ranges::count(inputs, "-") > 1)
    throw Error(Fault::usage, "-", "only one file can come from standard input");
}

}  // namespace claptools::cmd
