import { coreMessages } from '@synapse-steps/core';

/** The messages that an upload tells people, by code. Values go into the braces. */
export const uploadMessages = coreMessages.extend({
  UPLOAD_INITIALIZED: { text: { en: 'Storage and paths initialized', ko: '스토리지 및 경로가 초기화되었습니다' } },
  UPLOAD_METADATA_LOADED: {
    text: { en: 'Loaded metadata for {count} files', ko: '{count}개 파일의 메타데이터를 로드했습니다' },
  },
  UPLOAD_METADATA_INVALID_HEADER: {
    level: 'error',
    text: {
      en: 'Invalid metadata file: First column must be "filename" or "file_name", got "{header}"',
      ko: '유효하지 않은 메타데이터 파일: 첫 번째 열은 "filename" 또는 "file_name"이어야 하는데, "{header}"입니다',
    },
  },
  UPLOAD_METADATA_SKIPPED_DUE_TO_ERROR: {
    level: 'warning',
    text: {
      en: 'Metadata file has errors and was skipped. Upload will continue without metadata: {error}',
      ko: '메타데이터 파일에 오류가 있어 건너뛰었습니다. 메타데이터 없이 업로드를 계속합니다: {error}',
    },
  },
  UPLOAD_COLLECTION_ANALYZED: {
    text: {
      en: 'Data collection analyzed: {count} file specifications',
      ko: '데이터 컬렉션 분석 완료: {count}개 파일 명세',
    },
  },
  UPLOAD_FILES_ORGANIZED: {
    text: { en: 'Organized {count} file groups', ko: '{count}개 파일 그룹으로 정리되었습니다' },
  },
  UPLOAD_NO_FILES_FOUND: {
    level: 'warning',
    text: { en: 'No files found to organize', ko: '정리할 파일을 찾지 못했습니다' },
  },
  UPLOAD_VALIDATION_PASSED: {
    text: { en: 'Validation passed: {count} file groups', ko: '유효성 검사 통과: {count}개 파일 그룹' },
  },
  UPLOAD_UNSAFE_FILES_EXCLUDED: {
    level: 'warning',
    text: {
      en: 'Excluded {count} file groups with unsafe content: {files}',
      ko: '허용되지 않는 내용이 있는 {count}개 파일 그룹을 제외했습니다: {files}',
    },
  },
  UPLOAD_FILES_UPLOADING: { text: { en: 'Uploading {count} files', ko: '{count}개 파일 업로드 중' } },
  UPLOAD_FILES_COMPLETED: {
    level: 'success',
    text: { en: 'Upload complete: {success} files uploaded', ko: '업로드 완료: {success}개 파일 업로드됨' },
  },
  UPLOAD_FILES_COMPLETED_WITH_FAILURES: {
    level: 'warning',
    text: {
      en: 'Upload complete: {success} succeeded, {failed} failed',
      ko: '업로드 완료: {success}개 성공, {failed}개 실패',
    },
  },
  UPLOAD_DATA_UNITS_CREATING: { text: { en: 'Creating {count} data units', ko: '{count}개 데이터 유닛 생성 중' } },
  UPLOAD_DATA_UNITS_COMPLETED: {
    level: 'success',
    text: { en: '{count} data units created', ko: '{count}개 데이터 유닛이 생성되었습니다' },
  },
  UPLOAD_DATA_UNITS_COMPLETED_WITH_FAILURES: {
    level: 'warning',
    text: {
      en: 'Data units created: {success} succeeded, {failed} failed',
      ko: '데이터 유닛 생성 완료: {success}개 성공, {failed}개 실패',
    },
  },
  UPLOAD_COMPLETED: {
    level: 'success',
    text: {
      en: 'Upload complete: {files} files, {data_units} data units',
      ko: '업로드 완료: {files}개 파일, {data_units}개 데이터 유닛',
    },
  },
});
