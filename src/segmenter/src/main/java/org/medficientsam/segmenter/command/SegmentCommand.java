package org.medficientsam.segmenter.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.ResultFile;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.segmenter.Rules;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.bundle.BundlePlaces;
import org.medficientsam.segmenter.bundle.DefaultBundle;
import org.medficientsam.segmenter.bundle.FileCheck;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.onnx.InferenceException;
import org.medficientsam.segmenter.onnx.NativeLibraries;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code segment} command: a case or a folder of cases in, label maps and overlays out, in one process. */
@Command(
        name = "segment",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Segments what is in each box of an image and writes the label map: label 1 is the first box's.",
            "Reads NIfTI, DICOM (a file, a zip, or the folder of a series), MetaImage, NRRD, PNG, JPEG, TIFF, BMP, GIF, WebP, npy,"
                    + " and npz of imgs and boxes as the challenge stores them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all cases segmented", "1:a case or the model failed", "2:wrong usage", "130:interrupted"})
public final class SegmentCommand implements Callable<Integer> {
    private static final String NAME = "segment";
    /** A case, {@code -o} and where to: with fewer there is only help to be given. */
    private static final int LEAST_ARGUMENTS = 3;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "INPUT",
            description = "An image, the folder of a DICOM series (if OUTPUT is a file), or a folder of images.")
    private Path input = Path.of("");

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUTPUT",
            description = {
                "A file: .npz, .nii.gz or .nii; of a single slice also .png (labels), .geojson (polygons) or .json (COCO).",
                "For a folder a folder: each image is answered in the form it came in, but DICOM as NIfTI, as no Java library that writes"
                        + " DICOM SEG can be had from Maven Central."
            })
    private Path output = Path.of("");

    @ArgGroup(heading = "Boxes, unless the npz has them; give one of:%n")
    private @Nullable BoxOptions boxes;

    @Option(names = "--mm", description = "Boxes are in millimetres, as the file's own header counts them.")
    private boolean millimetres;

    @Option(
            names = "--window",
            paramLabel = "WINDOW",
            description = {
                "Values that become black and white: CENTRE,WIDTH, or ct-soft, ct-lung, ct-brain, ct-bone, percentile, mr, dicom (the"
                        + " file's own).",
                "Default: 8-bit values as stored, CT through ct-soft, all else from percentile 0.5 to 99.5 of what is not zero."
            })
    private String window = "auto";

    @Option(
            names = "--overlay",
            paramLabel = "PNG",
            description = "Also a picture with outlines; for a folder a folder.")
    private @Nullable Path overlay;

    @Option(
            names = "--model",
            paramLabel = "ID",
            description = "Bundle in the folder of bundles. Default: ${DEFAULT-VALUE}")
    private String model = DefaultBundle.id(System.getenv());

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = {
                "Folder of the bundles. Default: MEDFICIENTSAM_BUNDLES, else models/bundles beside the program",
                "or in the working directory."
            })
    private @Nullable Path models;

    @Option(names = "--rules", paramLabel = "NAME", description = "Rules of inference instead of the model's own.")
    private @Nullable String rules;

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = {
                "Closer looks at the small objects of a large image, at most; 0 is none.",
                "Default: as the rules say, 16 for steady."
            })
    private @Nullable Integer windows;

    @Option(names = "--threads", paramLabel = "N", description = "Default: as many as there are processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description = "Cases of a folder at a time; the threads are shared among them. Default: ${DEFAULT-VALUE}")
    private int jobs = 1;

    @Option(
            names = "--resume",
            description = "Leave out the cases of a folder whose label map is there, and keep a log, cases.csv.")
    private boolean resume;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "Only every N-th case of a folder, from the I-th: for array jobs.")
    private @Nullable String shard;

    @Option(
            names = "--cache",
            paramLabel = "MIB",
            description = "Memory for embeddings that a volume needs twice; 0 is none. Default: ${DEFAULT-VALUE}")
    private int cacheMib = 256;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress bar.")
    private boolean quiet;

    /** Runs the command and ends the process; {@code segment} may be given as the first argument or left out. */
    public static void main(String... arguments) {
        EndOnSignal.register();
        NativeLibraries.preferUnpacked(SegmentCommand.class);
        if (arguments.length >= LEAST_ARGUMENTS) NativeLibraries.loadAhead();
        System.exit(run(arguments));
    }

    /** As {@link #main}, but gives the exit code back. */
    public static int run(String... arguments) {
        boolean named = arguments.length > 0 && arguments[0].equals(NAME);
        String[] own = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        Optional<PlainArguments> plain = PlainArguments.parse(own);
        if (plain.isPresent())
            try {
                return new SegmentCommand(plain.get()).segment();
            } catch (WrongUsage e) {
                // Found before anything was done; told below.
            }
        return commandLine().execute(own);
    }

    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new SegmentCommand());
        @Nullable String version = SegmentCommand.class.getPackage().getImplementationVersion();
        command.getCommandSpec().version(version == null ? "development" : version); // outside its jar
        return command.setParameterExceptionHandler(SegmentCommand::explain);
    }

    /** Filled by picocli. */
    SegmentCommand() {}

    SegmentCommand(PlainArguments plain) {
        input = plain.input();
        output = plain.output();
        model = plain.model().orElse(model);
        models = plain.models().orElse(null);
        quiet = plain.quiet();
    }

    private static int explain(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().printf("%s (see %s --help)%n", wrong.getMessage(), NAME);
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    @Override
    public Integer call() {
        try {
            return segment();
        } catch (WrongUsage e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private int segment() {
        Places places = new Places(input, output, Optional.ofNullable(overlay));
        places.checkNames();
        boolean folder = Files.isDirectory(input);
        boolean named = folder && !Files.isDirectory(output) && CaseReading.isNamedAsImage(output);
        boolean series = named && CaseReading.isSeries(input);
        if (folder && !series && (named || Files.isRegularFile(output)))
            throw usage("output must be a folder, as the input is one" + (named ? CaseReading.OF_A_SERIES : ""));
        if (!folder && Files.isDirectory(output)) throw usage("output must be a file, as the input is one");
        places.check(folder && !series);
        if (boxes != null)
            boxes.missing().ifPresent(missing -> {
                throw usage(missing);
            });
        if (!folder || series) check(() -> ResultFile.of(output));
        if ((!folder || series) && (jobs > 1 || resume || shard != null))
            throw usage("--jobs, --resume and --shard are for a folder, got a case");
        if (jobs < 1) throw usage("jobs must be at least 1, got " + jobs);
        if (threads < 1) throw usage("threads must be at least 1, got " + threads);
        if (cacheMib < 0) throw usage("cache must not be negative, got " + cacheMib);
        try {
            Path bundle = bundle();
            SegmenterOptions options =
                    CheckedBundles.hold(bundle) ? options().withFileCheck(FileCheck.SIZES) : options();
            Optional<Path> pictures = Optional.ofNullable(overlay);
            CaseReading reading = reading();
            return (folder && !series
                            ? new FolderRun(bundle, options, reading, quiet, plan(pictures)).run()
                            : new FileRun(bundle, options, reading, quiet).file(input, output, pictures))
                    ? 0
                    : 1;
        } catch (InvalidBundleException e) {
            System.err.printf("model %s is refused: %s%n", model, e.getMessage());
            return 1;
        } catch (InferenceException e) {
            System.err.println(e.getMessage());
            return 1;
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private FolderRun.Plan plan(Optional<Path> pictures) {
        Shard part = shard == null ? Shard.WHOLE : Shard.parse(shard);
        return new FolderRun.Plan(input, output, pictures, jobs, resume, part);
    }

    private Path bundle() {
        try {
            return BundlePlaces.of(Optional.ofNullable(models), "--models", System.getenv(), SegmentCommand.class)
                    .bundle(model);
        } catch (InvalidBundleException e) {
            throw usage(e.getMessage());
        }
    }

    private CaseReading reading() {
        return new CaseReading(Optional.ofNullable(boxes), millimetres, check(() -> IntensityWindow.parse(window)));
    }

    /** What is wrong with an argument is wrong usage, though a case may have the same fault. */
    private <T> T check(Supplier<T> argument) {
        try {
            return argument.get();
        } catch (InvalidCaseException e) {
            throw usage(e.getMessage());
        }
    }

    private SegmenterOptions options() {
        try {
            SegmenterOptions options = SegmenterOptions.threads(jobs > 1 ? Math.max(1, threads / jobs) : threads)
                    .withCacheBytes((long) cacheMib << 20);
            if (windows != null) options = options.withMostWindows(windows);
            if (rules == null) return options;
            Rules.named(rules);
            return options.withRules(rules);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private static WrongUsage usage(@Nullable String message) {
        return new WrongUsage(String.valueOf(message));
    }
}
