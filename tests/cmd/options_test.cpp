#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <system_error>
#include <thread>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/utf8.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/failure.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/line_source.hpp"
#include "cmd/program/program.hpp"
#include "cmd/program/progress.hpp"
#include "cmd/program/table_writer.hpp"
#include "support/temp_dir.hpp"

namespace claptools::cmd {
namespace {

using claptools::testing::read_bytes;
using claptools::testing::TempDir;

std::string printed(TableOptions options, const std::vector<std::string>& columns,
                    const std::vector<std::vector<Cell>>& rows) {
  const TempDir folder;
  options.output = folder / "out";
  TableWriter table(options, columns);
  for (const auto& row : rows) table.row(row);
  table.close();
  return read_bytes(folder / "out");
}

TEST(TableWriter, EscapesWhatWouldBreakATable) {
  const std::string row = "a\\tb\\nc\\\\d\\x1b";
  EXPECT_EQ(printed({}, {"id", "n"}, {{text("a\tb\nc\\d\x1b"), count(3)}}),
            "id\tn\n" + row + "\t3\n");
}

TEST(TableWriter, WritesJsonThatReadsBack) {
  TableOptions options;
  options.json = true;
  const std::string line =
      printed(options, {"id", "x", "y"}, {{text("a\"\\\n\xff"), number(0.1), score(1.0 / 3)}});
  const auto object = nlohmann::json::parse(line);
  EXPECT_EQ(object["id"], "a\"\\\n\xef\xbf\xbd");
  EXPECT_EQ(object["x"], 0.1);
  EXPECT_EQ(object["y"], 0.333333);
}

TEST(TableWriter, LeavesNoControlCharacterInJson) {
  EXPECT_EQ(quote_json("a\x7f\xc2\x9b\x1b\xc2\xa0"), "\"a\\u007f\\u009b\\u001b\xc2\xa0\"");
}

TEST(TableWriter, PrintsAHeaderOnceAndEvenWithoutRows) {
  EXPECT_EQ(printed({}, {"a", "b"}, {}), "a\tb\n");
  EXPECT_EQ(printed({}, {"a"}, {{count(1)}, {count(2)}}), "a\n1\n2\n");
  TableOptions options;
  options.no_header = true;
  EXPECT_EQ(printed(options, {"a"}, {{count(1)}}), "1\n");
}

TEST(TableWriter, WritesCsvWithItsHeader) {
  TableOptions options;
  options.format = "csv";
  EXPECT_EQ(printed(options, {"id", "a,b"}, {{text("x\ny"), count(3)}}),
            "id,\"a,b\"\n\"x\ny\",3\n");
}

/// The word that stands for what is written, or why nothing is.
std::string chosen(const std::string& output, const std::string& format = "", bool json = false,
                   bool with_labels = true) {
  TableOptions options;
  options.output = output;
  options.format = format;
  options.json = json;
  try {
    const OutputFormat chosen = output_format(options, with_labels);
    if (chosen.labels) return std::string(chosen.labels->name);
    return chosen.table == TableFormat::tsv   ? "tsv"
           : chosen.table == TableFormat::csv ? "csv"
                                              : "jsonl";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    return error.what();
  }
}

TEST(OutputFormat, FollowsOptionsAndThenTheName) {
  for (const char* name : {"-", "t", "t.tsv", "t.tab", "t.txt", "t.2026", "t.csv.d/t"})
    EXPECT_EQ(chosen(name), "tsv") << name;
  EXPECT_EQ(chosen("t.csv"), "csv");
  EXPECT_EQ(chosen("t.JSONL"), "jsonl");
  EXPECT_EQ(chosen("t.textgrid"), "textgrid");
  EXPECT_EQ(chosen("t.eaf"), "elan");
  EXPECT_EQ(chosen("t.txt", "csv"), "csv");
  EXPECT_EQ(chosen("t.txt", "raven"), "raven");
  EXPECT_EQ(chosen("t.csv", "reaper"), "reaper");
  EXPECT_EQ(chosen("t.txt", "srt"), "srt");
  EXPECT_EQ(chosen("labels/", "srt"), "srt");
  EXPECT_EQ(chosen("t.json", "", true), "jsonl");
}

TEST(OutputFormat, DoesNotContradictTheName) {
  EXPECT_EQ(
      chosen("t.csv", "tsv"),
      "t.csv: the name promises CSV, but a table with tabs is written; name it .tsv (--format "
      "csv and --format jsonl write others)");
  EXPECT_EQ(chosen("t.tsv", "csv"),
            "t.tsv: the name promises TSV, but CSV is written; name it .csv");
  EXPECT_EQ(chosen("t.srt", "textgrid"),
            "t.srt: the name promises labels, but a TextGrid is written; name it .TextGrid");
  EXPECT_NE(chosen("t.csv", "", true), "jsonl");
  EXPECT_NE(chosen("t.json"), "tsv");
  EXPECT_NE(chosen("t.xlsx", "csv"), "csv");
  EXPECT_NE(chosen("t.srt", "", false, false), "tsv");
}

TEST(TableWriter, LeavesNothingWithoutClose) {
  const TempDir folder;
  TableOptions options;
  options.output = folder / "out";
  { TableWriter(options, {"a"}).row(std::array{count(1)}); }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Cell, SpellsNumbersTheSameEverywhere) {
  EXPECT_EQ(number(10).value, "10");
  EXPECT_EQ(number(0.1 + 0.2).value, "0.30000000000000004");
  EXPECT_EQ(number(6.71921875).value, "6.71921875");
  EXPECT_EQ(score(-1e-9).value, "0.000000");
  EXPECT_EQ(score(0.9999999).value, "1.000000");
  EXPECT_EQ(score(-0.25).value, "-0.250000");
}

TEST(Cell, IsNullInJsonWhereItIsNoNumber) {
  TableOptions options;
  options.json = true;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(printed(options, {"a", "b", "c"}, {{number(nan), number(-infinity), number(1e300)}}),
            "{\"a\": null, \"b\": null, \"c\": 1e+300}\n");
}

TEST(WithMeta, RenamesAColumnThatIsTaken) {
  const std::vector<std::string> meta = {"label", "id"};
  EXPECT_EQ(with_meta({"id", "score"}, meta),
            (std::vector<std::string>{"id", "score", "label", "meta.id"}));
}

TEST(ShellQuote, GivesWordsThatAShellReadsBack) {
  const std::array words = {"a.wav", "", "a b", "it's", "$HOME", "-k"};
  EXPECT_EQ(shell_quote(words.size(), words.data()), R"(a.wav '' 'a b' 'it'\''s' '$HOME' -k)");
}

TEST(Progress, IsALineNowAndThenWhereItCannotBeRewritten) {
  const Program program("tool");
  const auto said = [&](std::chrono::milliseconds pause) {
    ::testing::internal::CaptureStderr();
    Progress progress(program, "did", "things", 3, pause);
    progress.update(2);
    progress.finish(3);
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(said(std::chrono::milliseconds(0)).substr(0, 22), "tool: did 2 of 3 thing");
  EXPECT_EQ(said(std::chrono::minutes(1)), "");
}

/// What a terminal of so many columns is sent while `speak` runs.
std::string on_terminal(unsigned short columns, const std::function<void()>& speak) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  EXPECT_EQ(::grantpt(master) | ::unlockpt(master), 0);
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  const ::winsize size{25, columns, 0, 0};
  EXPECT_EQ(::ioctl(terminal, TIOCSWINSZ, &size), 0);
  const int kept = ::dup(STDERR_FILENO);
  ::dup2(terminal, STDERR_FILENO);
  speak();
  ::dup2(kept, STDERR_FILENO);
  std::string sent(1 << 16, '\0');
  const ::ssize_t count = ::read(master, sent.data(), sent.size());
  for (const int descriptor : {kept, terminal, master}) ::close(descriptor);
  sent.resize(static_cast<std::size_t>(std::max<::ssize_t>(count, 0)));
  return sent;
}

TEST(Messages, ProgressStaysWithinTheTerminal) {
  const Messages messages("clap-embed");
  const std::string text(200, 'x'), dogs = [] {
    std::string line;
    for (int i = 0; i < 100; ++i) line += "\xe7\x8a\xac";  // two columns each
    return line;
  }();
  const std::string start = "clap-embed: ";
  const auto clear = [&] { on_terminal(80, [&] { messages.progress(""); }); };
  for (const unsigned short columns : {80, 40, 20}) {
    const std::string sent = on_terminal(columns, [&] { messages.progress(text); });
    EXPECT_EQ(sent, start + std::string(columns - 1 - start.size(), 'x'));
    clear();
    const std::string wide = on_terminal(columns, [&] { messages.progress(dogs); });
    EXPECT_TRUE(wide.ends_with("\xe7\x8a\xac")) << "a whole character";
    EXPECT_EQ(std::ranges::count(wide, '\xe7'), (columns - 1 - start.size()) / 2);
    clear();
  }
  EXPECT_EQ(on_terminal(0, [&] { messages.progress(text); }).size(), 79U) << "not known";
  clear();  // leaves no line open for other tests
}

TEST(Messages, AreNeverLongerThan300Bytes) {
  const Messages messages("clap-embed");
  const std::string name = std::string(5000, 'n') + ".wav", zeros(2000, '\0');
  std::string accents;
  for (int i = 0; i < 2000; ++i) accents += "\xc3\xa9 ";
  ::testing::internal::CaptureStderr();
  messages.error(name, "no audio stream");
  messages.error(name + ": no audio stream");
  messages.warn(zeros);
  messages.note(accents);
  messages.error(name, accents);
  std::istringstream said(::testing::internal::GetCapturedStderr());
  int lines = 0;
  for (std::string line; std::getline(said, line); ++lines) {
    EXPECT_LE(line.size(), 300U) << line;
    EXPECT_TRUE(is_utf8(line)) << line;
    if (lines < 2) {
      EXPECT_TRUE(line.ends_with(".wav: no audio stream")) << line;
    }
  }
  EXPECT_EQ(lines, 5);
}

TEST(Failure, IsOursOnlyIfNothingElseIsToBlame) {
  const auto fault_of = [](const auto& exception) {
    try {
      throw exception;
    } catch (...) {
      return current_failure().fault();
    }
  };
  namespace fs = std::filesystem;
  const auto code = [](std::errc condition) { return std::make_error_code(condition); };
  EXPECT_EQ(fault_of(std::bad_alloc()), Fault::unavailable);
  EXPECT_EQ(fault_of(std::system_error(code(std::errc::resource_unavailable_try_again))),
            Fault::unavailable);
  EXPECT_EQ(fault_of(std::system_error(code(std::errc::io_error))), Fault::io);
  const auto too_long = code(std::errc::filename_too_long);
  EXPECT_EQ(fault_of(fs::filesystem_error("cannot get file status", "x", too_long)),
            Fault::no_input);
  EXPECT_EQ(fault_of(fs::filesystem_error("cannot create directories", "x", too_long)),
            Fault::cannot_create);
  EXPECT_EQ(fault_of(fs::filesystem_error("cannot rename", "x", code(std::errc::io_error))),
            Fault::io);
  EXPECT_EQ(fault_of(std::runtime_error("DefaultCPUAllocator: can't allocate memory: 9 bytes")),
            Fault::unavailable);
  EXPECT_EQ(fault_of(std::logic_error("a bug")), Fault::internal);
}

/// The fault of a name for a content, if there is one.
std::optional<std::string> refusal(const std::string& name, Content content) {
  try {
    require_fitting_name(name, content);
    return std::nullopt;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    return error.what();
  }
}

TEST(OutputName, IsRefusedIfItPromisesAnotherFormat) {
  EXPECT_EQ(refusal("x.npy", Content::embeddings),
            "x.npy: the name promises NumPy, but HDF5 is written; name it .h5 (clap-index export "
            "--npy or --tsv makes others of it)");
  for (const char* name : {"t.csv", "t.CSV", "d/t.parquet", "t.tsv.gz", "t.h5", "t.html", "t.json"})
    EXPECT_TRUE(refusal(name, Content::table)) << name;
  for (const char* name : {"t.tsv", "t.txt", "t", "-", "t.out", "t.csv.d/t", ".csv", "t.2026"})
    EXPECT_FALSE(refusal(name, Content::table)) << name;
  EXPECT_TRUE(refusal("t.tsv", Content::json_lines));
  EXPECT_FALSE(refusal("t.json", Content::json_lines));
  EXPECT_TRUE(refusal("s.csv", Content::scores));
  EXPECT_TRUE(refusal("p.png", Content::picture));
  EXPECT_TRUE(refusal("p.pdf", Content::page));
  EXPECT_TRUE(refusal("r.json", Content::test_results));
  EXPECT_TRUE(refusal("i.faiss", Content::index));
  EXPECT_TRUE(refusal("i.h5/", Content::index));
  EXPECT_TRUE(refusal("m.safetensors", Content::model));
  EXPECT_TRUE(refusal("m.pth", Content::model_or_checkpoint));
  EXPECT_FALSE(refusal("m.pt", Content::model_or_checkpoint));
  EXPECT_FALSE(refusal("v1.2", Content::model));
  EXPECT_TRUE(refusal("v.npz", Content::vectors));
}

TEST(OutputName, MayNotBeAnInput) {
  const TempDir folder;
  std::ofstream(folder / "a.h5") << "x";
  std::filesystem::create_hard_link(folder / "a.h5", folder / "b.h5");
  std::filesystem::create_symlink("a.h5", folder / "c.h5");
  for (const char* name : {"a.h5", "b.h5", "c.h5", "./a.h5"})
    EXPECT_THROW(require_no_input(folder / name, {"-", "", folder / "a.h5"}), Error) << name;
  EXPECT_NO_THROW(require_no_input(folder / "new.h5", {folder / "a.h5"}));
  EXPECT_NO_THROW(require_no_input("-", {"-"}));
}

TEST(LineSource, GivesLinesAsTheyCome) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const auto type = [&](std::string_view text) {
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<::ssize_t>(text.size()));
  };
  using Lines = std::vector<std::string>;
  LineSource lines("/dev/fd/" + std::to_string(ends[0]));
  type("one\n");
  EXPECT_EQ(lines.next(9), Lines{"one"}) << "does not wait for more";
  type("two\r\n\nfo");
  EXPECT_EQ(lines.next(9), (Lines{"two", ""}));
  type("ur\nfive");
  ::close(ends[1]);
  EXPECT_EQ(lines.next(1), Lines{"four"});
  EXPECT_EQ(lines.next(9), Lines{"five"}) << "without a line break";
  EXPECT_EQ(lines.next(9), Lines{});
  ::close(ends[0]);
}

TEST(LineSource, TellsTheEndFromAnError) {
  const TempDir folder;
  EXPECT_THROW(LineSource(folder.path().native()), Error);
  std::ofstream(folder / "latin1") << "good\nb\xe4"
                                      "d\n";
  LineSource lines(folder / "latin1");
  try {
    lines.next(9);
    FAIL() << "taken as UTF-8";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_NE(error.reason().find("line 2"), std::string::npos);
  }
}

TEST(Interrupt, NotesTheFirstSignalAndEndsAtALaterOne) {
  EXPECT_EQ(interrupted_code(), 0);
  const std::atomic<bool>& stop = handle_interrupts();
  EXPECT_FALSE(stop);
  std::raise(SIGTERM);
  EXPECT_TRUE(stop);
  EXPECT_EQ(interrupted_code(), 143);
  std::raise(SIGTERM);  // at once: the same one, delivered twice
  EXPECT_EXIT(
      {
        std::this_thread::sleep_for(std::chrono::milliseconds(1100));
        std::raise(SIGTERM);
      },
      ::testing::KilledBySignal(SIGTERM), "");
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace
}  // namespace claptools::cmd
