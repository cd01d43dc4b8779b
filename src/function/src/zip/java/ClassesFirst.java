import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Moves the classes of all jars of a folder into one that comes first on the class path: {@code java ClassesFirst.java LIB}.
 * A class loader asks one jar after the other, and seven thousand classes times two hundred jars are a tenth of a cold start.
 * What is not a class stays where it is, as service files and manifests of several jars have the same names.
 */
public final class ClassesFirst {
    /** Lambda sorts the jars by name. */
    private static final String NAME = "0-classes.jar";

    private ClassesFirst() {}

    public static void main(String... arguments) throws IOException {
        Path lib = Path.of(arguments[0]);
        Set<Path> jars = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(lib, "*.jar")) {
            found.forEach(jars::add);
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        Set<String> taken = new HashSet<>();
        Path rest = lib.resolve("rest");
        try (JarOutputStream classes = new JarOutputStream(Files.newOutputStream(lib.resolve(NAME)), manifest)) {
            for (Path jar : jars) {
                if (isSigned(jar)) continue;
                split(jar, classes, taken, rest);
                Files.move(rest, jar, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        System.out.printf("%d classes of %d jars in %s%n", taken.size(), jars.size(), NAME);
    }

    private static boolean isSigned(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().matches("META-INF/[^/]+\\.SF"));
        }
    }

    private static void split(Path jar, ZipOutputStream classes, Set<String> taken, Path rest) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile());
                ZipOutputStream others = new ZipOutputStream(Files.newOutputStream(rest))) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                boolean isClass = name.endsWith(".class") && !name.endsWith("module-info.class");
                if (isClass && !taken.add(name)) throw new IOException(name + " must be in one jar, got a second in " + jar);
                ZipOutputStream to = isClass ? classes : others;
                ZipEntry copy = new ZipEntry(name);
                copy.setTime(entry.getTime());
                to.putNextEntry(copy);
                if (!entry.isDirectory()) zip.getInputStream(entry).transferTo(to);
            }
        }
    }
}
