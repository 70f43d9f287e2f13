package io.narthex.api.generate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.RawObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The CRDs as fabric8's generator makes them: right in shape, without what it doesn't know of. */
final class CrdSchemas {
    private static final YAMLMapper YAML = new YAMLMapper();

    private CrdSchemas() {}

    /** The CRD of {@code type}. */
    static ObjectNode generate(Class<? extends CustomResource<?, ?>> type) {
        ObjectMapper mapper = new ObjectMapper();
        mapper.registerModule(new SimpleModule()
                .addSerializer(PortRef.class, new AnyShape<>(PortRef.class))
                .addSerializer(RawObject.class, new AnyShape<>(RawObject.class)));
        Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();
        CRDGenerator generator = new CRDGenerator()
                .withObjectMapper(mapper, new KubernetesSerialization(mapper, false))
                .customResourceClasses(type)
                .forCRDVersions("v1")
                .withOutput(new Outputs(outputs));
        generator.detailedGenerate();
        if (outputs.size() != 1) {
            throw new IllegalStateException("one CRD expected, found " + outputs.keySet());
        }
        try {
            JsonNode crd = YAML.readTree(outputs.values().iterator().next().toByteArray());
            return (ObjectNode) crd;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Outputs(Map<String, ByteArrayOutputStream> byName)
            implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return byName.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
        }

        @Override
        public void close() {}
    }

    /** A type that has no one shape in JSON; what comes after says which it has. */
    private static final class AnyShape<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        AnyShape(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T value, JsonGenerator generator, SerializerProvider provider) {
            throw new UnsupportedOperationException("for schemas only");
        }

        @Override
        public void acceptJsonFormatVisitor(JsonFormatVisitorWrapper visitor, JavaType type)
                throws JsonMappingException {
            visitor.expectAnyFormat(type);
        }
    }
}
