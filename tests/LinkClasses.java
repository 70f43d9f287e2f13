import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Links each class of some jars that are on the class path, which verifies it and resolves the types of its members, and
 * prints the names of those for which a class is missing or wrong: {@code LinkClasses JAR…}.
 */
class LinkClasses {

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            try (ZipFile zip = new ZipFile(Path.of(jar).toFile())) {
                for (ZipEntry entry : Collections.list(zip.entries())) {
                    String name = entry.getName();
                    if (name.endsWith(".class") && !name.startsWith("META-INF/") && !name.equals("module-info.class")) {
                        link(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                    }
                }
            }
        }
    }

    private static void link(String name) {
        try {
            Class<?> type = Class.forName(name, false, LinkClasses.class.getClassLoader());
            type.getDeclaredMethods();
            type.getDeclaredFields();
            type.getDeclaredConstructors();
            type.getDeclaredClasses();
        } catch (ClassNotFoundException | LinkageError e) {
            System.out.println(name);
        }
    }
}
