package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * Reads what {@code numpy.save} pickles of an array of plain objects: its elements, and of those only None, booleans, integers,
 * texts, tuples, lists and dicts. Nothing is called or constructed: the three names that NumPy itself writes are marks on a stack,
 * and any other name is refused.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">The opcodes</a>
 */
final class Pickle {
    /** Python's None, which Java's collections would not hold. */
    static final Object NONE = new Object();

    private static final Object MARK = new Object();
    private static final Set<String> MODULES = Set.of("numpy", "numpy.core.multiarray", "numpy._core.multiarray");
    private static final Set<String> NAMES = Set.of("_reconstruct", "ndarray", "dtype", "scalar");

    private record Name(String text) {}

    /** A name with what it would have been called with, and the state it would have been given. */
    private static final class Call {
        private final Name name;
        private final List<?> arguments;
        private List<?> state = List.of();

        Call(Name name, List<?> arguments) {
            this.name = name;
            this.arguments = arguments;
        }
    }

    private final ByteBuffer in;
    private final String field;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Pickle(byte[] pickle, String field) {
        this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.field = field;
    }

    /**
     * The elements of a pickled array, in its order.
     *
     * @throws InvalidCaseException if it is anything else
     */
    static List<?> elements(byte[] pickle, String field) {
        Pickle reader = new Pickle(pickle, field);
        try {
            // NumPy's state of an array: version, shape, dtype, whether in Fortran order, elements.
            if (reader.run() instanceof Call array
                    && array.name.text().equals("_reconstruct")
                    && array.state.size() == 5
                    && array.state.get(4) instanceof List<?> elements) return elements;
        } catch (RuntimeException e) {
            // A stack that runs empty, a value of another type, bytes that end: all are the pickle's fault.
            if (e instanceof InvalidCaseException) throw e;
        }
        throw reader.other();
    }

    private Object run() {
        while (true) {
            int opcode = in.get() & 0xff;
            if (opcode == '.') return stack.pop();
            step(opcode);
        }
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> in.get(); // PROTO
            case 0x95 -> in.getLong(); // FRAME
            case 'N' -> stack.push(NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push((long) (in.get() & 0xff));
            case 'M' -> stack.push((long) Short.toUnsignedInt(in.getShort()));
            case 'J' -> stack.push((long) in.getInt());
            case 0x8a -> stack.push(integer(bytes(in.get() & 0xff)));
            case 0x8c -> stack.push(text(in.get() & 0xff));
            case 'X' -> stack.push(text(in.getInt()));
            case 'C' -> stack.push(bytes(in.get() & 0xff));
            case 'B' -> stack.push(bytes(in.getInt()));
            case 0x94 -> memo.put(memo.size(), Objects.requireNonNull(stack.peek()));
            case 'q' -> memo.put(in.get() & 0xff, Objects.requireNonNull(stack.peek()));
            case 'r' -> memo.put(in.getInt(), Objects.requireNonNull(stack.peek()));
            case 'h' -> stack.push(Objects.requireNonNull(memo.get(in.get() & 0xff)));
            case 'j' -> stack.push(Objects.requireNonNull(memo.get(in.getInt())));
            case '(' -> stack.push(MARK);
            case ')', ']' -> stack.push(new ArrayList<>());
            case 't' -> stack.push(sinceMark());
            case 0x85 -> stack.push(last(1));
            case 0x86 -> stack.push(last(2));
            case 0x87 -> stack.push(last(3));
            case '}' -> stack.push(new LinkedHashMap<>());
            case 'a' -> extend(last(1));
            case 'e' -> extend(sinceMark());
            case 's' -> put(last(2));
            case 'u' -> put(sinceMark());
            case 'c' -> stack.push(name(line(), line()));
            case 0x93 -> {
                List<Object> names = last(2);
                stack.push(name((String) names.get(0), (String) names.get(1)));
            }
            case 'R' -> {
                List<Object> call = last(2);
                stack.push(new Call((Name) call.get(0), (List<?>) call.get(1)));
            }
            case 'b' -> {
                List<Object> build = last(2);
                Call call = (Call) build.get(0);
                call.state = (List<?>) build.get(1);
                stack.push(call);
            }
            default -> throw other();
        }
    }

    private List<Object> last(int count) {
        Object[] values = new Object[count];
        for (int i = count; i-- > 0; ) values[i] = stack.pop();
        return new ArrayList<>(Arrays.asList(values));
    }

    private List<Object> sinceMark() {
        int count = 0;
        for (Object value : stack) {
            if (value == MARK) break;
            count++;
        }
        List<Object> values = last(count);
        stack.pop();
        return values;
    }

    private void extend(List<Object> values) {
        @SuppressWarnings("unchecked") // only lists of objects are ever pushed
        List<Object> list = (List<Object>) Objects.requireNonNull(stack.peek());
        list.addAll(values);
    }

    private void put(List<Object> values) {
        @SuppressWarnings("unchecked") // only maps from objects to objects are ever pushed
        Map<Object, Object> map = (Map<Object, Object>) Objects.requireNonNull(stack.peek());
        for (int i = 0; i < values.size(); i += 2) map.put((String) values.get(i), values.get(i + 1));
    }

    private Name name(String module, String name) {
        if (!MODULES.contains(module) || !NAMES.contains(name)) throw other();
        return new Name(name);
    }

    private byte[] bytes(int length) {
        if (length < 0 || length > in.remaining()) throw other();
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private String text(int length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (byte b = in.get(); b != '\n'; b = in.get()) line.append((char) (b & 0xff));
        return line.toString();
    }

    /**
     * A Python integer, or a NumPy one, as a long.
     *
     * @throws InvalidCaseException for anything else
     */
    static long integer(Object value, String field) {
        if (value instanceof Long number) return number;
        if (value instanceof Call call
                && call.name.text().equals("scalar")
                && call.arguments.size() == 2
                && call.arguments.get(0) instanceof Call dtype
                && dtype.name.text().equals("dtype")
                && !dtype.arguments.isEmpty()
                && dtype.arguments.get(0) instanceof String type
                && type.matches("[iu][1248]")
                && call.arguments.get(1) instanceof byte[] bytes
                && bytes.length == type.charAt(1) - '0') {
            // NumPy's own byte order is what the dtype's state says second; all but a few machines are little-endian.
            boolean big = dtype.state.size() > 1 && ">".equals(dtype.state.get(1));
            byte[] ordered = bytes.clone();
            if (big) for (int i = 0; i < bytes.length; i++) ordered[i] = bytes[bytes.length - 1 - i];
            long number = integer(ordered);
            return type.charAt(0) == 'u' && bytes.length < 8 ? number & (1L << 8 * bytes.length) - 1 : number;
        }
        throw malformed(field, "of integers where it is pickled", "something else");
    }

    /** Little-endian two's complement of at most 8 bytes. */
    private static long integer(byte[] littleEndian) {
        if (littleEndian.length == 0) return 0;
        byte[] big = new byte[littleEndian.length];
        for (int i = 0; i < big.length; i++) big[i] = littleEndian[big.length - 1 - i];
        return new BigInteger(big).longValueExact();
    }

    private InvalidCaseException other() {
        return malformed(
                field, "an array of bool, integers or floats", "dtype |O, pickled objects, which are not loaded");
    }
}
