/**
 * What headings say in the languages in which many documents are written, besides English: of variables of the
 * environment, of a configuration, of a deployment, and of what is no longer. As parts of words, since endings vary.
 */

const environment = [
  ...['umgebungsvariable', 'omgevingsvariabele', 'miljövariab', 'miljøvariab', "variabil[ei] d['’]ambiente"],
  ...["variables? d['’]environnement", 'variables? de entorno', 'vari[áa]ve(?:l|is) de ambiente', 'ortam değişken'],
  ...['zmienn\\S{0,9} środowiskow', 'переменн\\S{0,9} (?:окружения|среды)', 'змінн\\S{0,9} (?:середовища|оточення)'],
  ...['环境变量', '環境變數', '環境変数', '환경 ?변수', 'biến môi trường', 'متغيرات البيئة'],
];
const configuration = [
  ...['konfiguration', 'configura(?:ción|ção|zione)', 'configuratie', 'konfiguracj', 'einstellungen', 'yapılandırma'],
  ...['конфигурац', 'настройк', '配置', '設定', '설정', 'cấu hình'],
];
const deployment = [
  ...['bereitstellung', 'déploiement', 'despliegue', 'implantação', 'distribuzione', 'wdrożeni', 'dağıtım'],
  ...['разв[её]ртыван', 'деплой', '部署', 'デプロイ', '배포', 'triển khai'],
];
const retirement = [
  ...['veraltet', 'obsol[eè]', 'déprécié', 'supprimée', 'устаре', 'застаріл', 'przestarzał', 'verouderd'],
  ...['弃用', '棄用', '废弃', '廢棄', '已移除', '非推奨', '廃止', '더 이상 사용'],
];

const anyOf = (parts: readonly string[]) => new RegExp(parts.join('|'), 'i');

/** True if words speak of variables of the environment, in another language than English. */
export const speaksOfEnvironment = anyOf(environment);
/** The same of a configuration. */
export const speaksOfConfiguration = anyOf(configuration);
/** The same of a deployment. */
export const speaksOfDeployment = anyOf(deployment);
/** The same of what is no longer read. */
export const speaksOfRetirement = anyOf(retirement);
