package org.medficientsam.function.lambda;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import org.medficientsam.function.LambdaFault;

/**
 * An answer that fails when it is written. What a function throws Funqy wraps, and the wrapper would be the caller's errorType;
 * what the writer throws it does not.
 */
record FailedInvocation(LambdaFault fault) implements JsonSerializable {
    @Override
    public void serialize(JsonGenerator out, SerializerProvider types) throws LambdaFault {
        throw fault;
    }

    @Override
    public void serializeWithType(JsonGenerator out, SerializerProvider types, TypeSerializer typed)
            throws LambdaFault {
        throw fault;
    }
}
