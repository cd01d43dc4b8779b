import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Drives a Lambda runtime as AWS would: starts it, invokes it with a small 2D case so many times, and ends it in order,
 * {@code java LambdaDriver.java TIMES COMMAND...}. Prints the seconds from start to first answer, from the first event's leaving
 * to its answer (what is left of a cold start after a snapshot), and of the fastest warm invocation (0 if there is but one). The
 * environment variable CASE names another npz to send. Exit status 1 if any invocation fails. The image's training run, cost.sh
 * and coldstart.sh use it.
 */
public final class LambdaDriver {
    private static final String API = "/2018-06-01/runtime/";

    private LambdaDriver() {}

    public static void main(String... arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        byte[] event = event();
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        long[] at = new long[times];
        AtomicLong left = new AtomicLong();
        CountDownLatch done = new CountDownLatch(times);
        HttpServer api = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        api.createContext(API, exchange -> {
            try (exchange) {
                if (exchange.getRequestURI().getPath().endsWith("/next")) {
                    left.compareAndSet(0, System.nanoTime());
                    next(exchange, event, sent.incrementAndGet(), times);
                } else {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    int number = answered.getAndIncrement();
                    at[Math.min(number, times - 1)] = System.nanoTime();
                    if (exchange.getRequestURI().getPath().endsWith("/error")) {
                        failed.incrementAndGet();
                        System.err.println(new String(body, StandardCharsets.UTF_8));
                    }
                    exchange.sendResponseHeaders(202, -1);
                    done.countDown();
                }
            }
        });
        api.setExecutor(java.util.concurrent.Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        api.start();
        ProcessBuilder builder = new ProcessBuilder(Arrays.copyOfRange(arguments, 1, arguments.length))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + api.getAddress().getPort());
        builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", "segment");
        long start = System.nanoTime();
        Process process = builder.start();
        boolean finished = false;
        for (int tries = 0; tries < 600 && !finished && process.isAlive(); tries++) {
            finished = done.await(1, TimeUnit.SECONDS);
        }
        // SIGTERM, not SIGKILL: a recording JVM writes its archive as it ends.
        process.destroy();
        process.waitFor(120, TimeUnit.SECONDS);
        api.stop(0);
        if (!finished || failed.get() > 0) {
            System.err.println("the function did not answer");
            System.exit(1);
        }
        long fastest = IntStream.range(1, times).mapToLong(i -> at[i] - at[i - 1]).min().orElse(0);
        System.out.printf("%.3f %.3f %.3f%n", (at[0] - start) / 1e9, (at[0] - left.get()) / 1e9, fastest / 1e9);
    }

    private static void next(HttpExchange exchange, byte[] event, int number, int times) throws IOException {
        if (number > times) {
            LockSupport.park(); // no more events; the process is ended from outside
            return;
        }
        exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "request-" + number);
        exchange.getResponseHeaders()
                .add("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 300_000));
        exchange.getResponseHeaders()
                .add("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:segment");
        exchange.getResponseHeaders().add("Lambda-Runtime-Trace-Id", "Root=1-0-0"); // the runtime's native client needs one
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    private static byte[] event() throws IOException {
        String file = System.getenv("CASE");
        byte[] npz = file == null ? noise() : Files.readAllBytes(Path.of(file));
        return "{\"input\":{\"npz\":\"%s\"},\"output\":{\"inline\":true}}"
                .formatted(Base64.getEncoder().encodeToString(npz))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** 256 x 256 RGB noise with one box. */
    private static byte[] noise() throws IOException {
        byte[] pixels = new byte[256 * 256 * 3];
        new java.util.Random(1).nextBytes(pixels);
        ByteArrayOutputStream npz = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(npz)) {
            zip.setLevel(1);
            entry(zip, "imgs", "|u1", "(256, 256, 3)", pixels);
            ByteBuffer box = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
            box.putDouble(40).putDouble(40).putDouble(200).putDouble(200);
            entry(zip, "boxes", "<f8", "(1, 4)", box.array());
        }
        return npz.toByteArray();
    }

    private static void entry(ZipOutputStream zip, String name, String dtype, String shape, byte[] data)
            throws IOException {
        byte[] header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n"
                .formatted(dtype, shape)
                .getBytes(StandardCharsets.ISO_8859_1);
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, (byte) (header.length >> 8)
        });
        zip.write(header);
        zip.write(data);
        zip.closeEntry();
    }
}
